import { Socket } from 'node:net'
import { afterEach } from 'vitest'

// A key in the developer's environment must never turn a test into traffic to a real account.
for (const name of Object.keys(process.env)) {
  if (/CLERK_/.test(name)) delete process.env[name]
}

// No test opens a connection to anything but this machine, whatever it is configured with. What a process connects to
// goes through here: fetch, node:http, node:https, node:http2, node:tls and node:net. A program that a test starts is
// not covered.
const { refused } = guardConnections()

// Code that catches the error, as a client that tries again does, does not save its test.
afterEach(() => {
  const hosts = refused.splice(0)
  if (hosts.length > 0) throw refusalOf(hosts.join(', '))
})

/** Once for each process: files that share one run this file again. */
function guardConnections(): { refused: string[] } {
  const mark = Symbol.for('org-memberships.loopback-only')
  const prototype = Socket.prototype as Socket & { [mark]?: { refused: string[] } }
  if (prototype[mark] !== undefined) return prototype[mark]
  const guard = { refused: [] as string[] }
  const { connect } = Socket.prototype
  Object.defineProperty(prototype, mark, { value: guard })
  Socket.prototype.connect = function guarded(this: Socket, ...given: unknown[]) {
    const options = optionsOf(given)
    const host = options.host || 'localhost'
    // A path is a socket in the file system.
    if (options.path || isLoopback(host)) return Reflect.apply(connect, this, given)
    guard.refused.push(host)
    // As an address that cannot be found, since everybody is ready for that error by the time it comes.
    const lookup = (_: string, __: object, done: (error: Error) => void) => done(refusalOf(host))
    const unreachable = { port: 1, ...options, host: 'refused.invalid', lookup }
    return Reflect.apply(connect, this, [unreachable])
  } as typeof connect
  return guard
}

interface Target {
  host?: string | undefined
  path?: string | null | undefined
}

/** The ways to call `connect`: options, a path, or a port and a host; Node itself puts them into an array. */
function optionsOf(given: readonly unknown[]): Target {
  const [first, second] = (Array.isArray(given[0]) ? given[0] : given) as unknown[]
  if (typeof first === 'object' && first !== null) return first
  if (typeof first === 'string' && Number.isNaN(Number(first))) return { path: first }
  return { host: typeof second === 'string' ? second : undefined }
}

function isLoopback(host: string): boolean {
  return /^(localhost|::1|(::ffff:)?127(\.\d+){3})$/i.test(host)
}

function refusalOf(hosts: string): Error {
  return new Error(`A test tried to reach ${hosts}; tests talk to loopback only.`)
}
