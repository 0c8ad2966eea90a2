import { subscribe } from 'node:diagnostics_channel'
import { isIP } from 'node:net'

// A key in the developer's environment must never turn a test into traffic to a real account.
for (const name of Object.keys(process.env)) {
  if (/CLERK_/.test(name)) delete process.env[name]
}

// No test talks to anything but this machine, whatever it is configured with.
if (typeof process.versions.node === 'string') {
  subscribe('undici:request:create', (message) => {
    const { origin } = (message as { request: { origin?: string | URL } }).request
    const host = new URL(String(origin)).hostname.replace(/^\[|\]$/g, '')
    const isLoopback =
      host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
    if (!isLoopback) throw new Error(`A test tried to reach ${host}; tests talk to loopback only.`)
  })
}
