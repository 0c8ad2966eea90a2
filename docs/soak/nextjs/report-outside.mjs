import { subscribe } from 'node:diagnostics_channel'
import { isIP } from 'node:net'

// Preloaded into Next's processes: names every connection that leaves this machine, in a line that the test looks for.
subscribe('net.client.socket', ({ socket }) => {
  socket.once('lookup', (_error, _address, _family, host) => report(host))
  socket.once('connect', () => report(socket.remoteAddress))
})

function report(host) {
  const address = String(host).replace(/^::ffff:/, '')
  const isLoopback =
    address === 'localhost' ||
    address === '::1' ||
    (isIP(address) === 4 && address.startsWith('127.'))
  if (!isLoopback) console.log(`OUTSIDE: ${host}`)
}
