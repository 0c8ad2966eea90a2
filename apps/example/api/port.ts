import { createServer } from 'node:net'
import { UsageError } from './options.js'

/**
 * The port to listen on. The page's own origin is part of what its session tokens are checked against, so the port
 * has to be known before the server is built.
 *
 * @throws UsageError when the port is taken or may not be used
 */
export async function findPort(port: number, host: string): Promise<number> {
  const probe = createServer()
  try {
    return await new Promise<number>((resolve, reject) => {
      probe.once('error', reject)
      probe.listen(port, host, () => {
        const address = probe.address()
        resolve(typeof address === 'object' && address !== null ? address.port : port)
      })
    })
  } catch (error) {
    throw portError(error, port, host)
  } finally {
    await new Promise((resolve) => probe.close(resolve))
  }
}

/** What the system said about a port, in words; any other error as it is. */
export function portError(error: unknown, port: number, host: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') {
    return new UsageError(
      `Port ${port} is taken by another program. Stop that one, or choose another port: PORT=${port + 1}.`,
    )
  }
  if (code === 'EACCES') {
    return new UsageError(`Port ${port} needs special rights. Choose one above 1023: PORT=3000.`)
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new UsageError(`HOST is '${host}', which is not an address of this machine.`)
  }
  return error
}
