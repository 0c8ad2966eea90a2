import { once } from 'node:events'
import { createServer, get as getByHTTP } from 'node:http'
import { connect as connectByHTTP2 } from 'node:http2'
import { get as getByHTTPS } from 'node:https'
import { type AddressInfo, connect, createServer as createPipe, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectByTLS } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

// Not loopback by its name, and yet a server on this machine hears of whatever gets through.
const outside = '0.0.0.0'
const server = createServer((_, response) => response.end('here'))
let port: number
let connections = 0
beforeAll(async () => {
  server.on('connection', () => connections++)
  await once(server.listen(0, outside), 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())

const failureOf = async (emitter: NodeJS.EventEmitter): Promise<unknown> =>
  (await once(emitter, 'error'))[0]

describe('outside', () => {
  const ways: [string, () => Promise<unknown>][] = [
    ['fetch', () => fetch(`http://${outside}:${port}`).catch(({ cause }: Error) => cause)],
    ['http', () => failureOf(getByHTTP({ host: outside, port }))],
    ['https', () => failureOf(getByHTTPS({ host: outside, port }))],
    ['http2', () => failureOf(connectByHTTP2(`http://${outside}:${port}`))],
    ['tls', () => failureOf(connectByTLS(port, outside))],
    ['net', () => failureOf(connect(port, outside))],
    ['a socket', () => failureOf(new Socket().connect(port, outside))],
    ['net, with options', () => failureOf(connect({ host: outside, port }))],
    ['a name', () => failureOf(connect({ host: 'api.clerk.com', port: 443 }))],
  ]
  it.each(ways)('%s', async (_, attempt) => {
    const before = connections
    expect(await attempt()).toMatchObject({ message: expect.stringMatching(/loopback only/) })
    expect(connections).toBe(before)
  })
})

describe('here', () => {
  const isReached = async (socket: Socket) => {
    await once(socket, 'connect')
    socket.destroy()
    return true
  }
  it.each(['127.0.0.1', 'localhost'])('fetch from %s', async (host) => {
    expect(await (await fetch(`http://${host}:${port}`)).text()).toBe('here')
  })
  it('http', async () => {
    const [response] = await once(getByHTTP(`http://127.0.0.1:${port}`), 'response')
    expect(response).toMatchObject({ statusCode: 200 })
    ;(response as Socket).resume()
  })
  it('net', async () => {
    expect(await isReached(connect(port))).toBe(true)
    expect(await isReached(connect(port, '127.0.0.1'))).toBe(true)
  })
  it('a socket in the file system', async () => {
    const path = join(tmpdir(), `loopback-${process.pid}.sock`)
    const pipe = createPipe((socket) => socket.end())
    await once(pipe.listen(path), 'listening')
    expect(await isReached(connect(path))).toBe(true)
    expect(await isReached(connect({ path }))).toBe(true)
    pipe.close()
  })
})
