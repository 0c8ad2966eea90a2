import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'

/** A TCP proxy that cuts connections at random: anywhere in a request, anywhere in an answer, or between them. */
export class LossyProxy {
  readonly baseURL: string
  cuts = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server) {
    this.#server = server
    this.baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  }

  static async start(target: string, random: () => number): Promise<LossyProxy> {
    const port = Number(new URL(target).port)
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const proxy = new LossyProxy(server)
    server.on('connection', (client) => {
      const upstream = connect(port, '127.0.0.1')
      // A request has some 400 bytes and its answer up to 1,500, so few connections outlive one exchange.
      const isCutUp = random() < 0.4
      const cutUp = isCutUp ? Math.floor(random() * 800) : Infinity
      const cutDown = isCutUp ? Infinity : Math.floor(random() * 2500)
      proxy.#pipe(client, upstream, cutUp)
      proxy.#pipe(upstream, client, cutDown)
    })
    return proxy
  }

  #pipe(from: Socket, to: Socket, cutAfter: number): void {
    this.#sockets.add(from)
    let passed = 0
    from.on('data', (chunk: Buffer) => {
      passed += chunk.length
      if (passed <= cutAfter) {
        to.write(chunk)
        return
      }
      this.cuts += 1
      // What came before the cut still arrives; then both ends lose the connection.
      const last = chunk.subarray(0, chunk.length - (passed - cutAfter))
      to.write(last, () => {
        from.resetAndDestroy()
        to.resetAndDestroy()
      })
    })
    from.on('error', () => {})
    from.on('end', () => to.end())
    from.on('close', () => {
      this.#sockets.delete(from)
      to.destroy()
    })
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
