import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../src/index.js'
import { acme } from './acme.js'
import { call } from './call.js'
import { fuzz } from './fuzz/fuzz.js'

describe('a fuzz', () => {
  it('brings about nothing but 200 and 4xx in the API’s form, in 4,000 requests', async () => {
    const seed = Date.now() >>> 0
    const { complaints, statuses } = await fuzz(seed, 4000)
    expect(complaints, `seed ${seed}`).toEqual([])
    // It means something only where requests get through, and where they meet every kind of refusal.
    for (const status of [200, 400, 401, 404, 405, 415, 422]) {
      expect(statuses.get(status), `answers ${status}, seed ${seed}`).toBeGreaterThan(8)
    }
  })
})

describe('what Node’s parser refuses, or waits for', () => {
  let emulator: Emulator
  beforeEach(async () => {
    emulator = await createEmulator({ seed: acme, requestTimeout: 400 })
  })
  afterEach(() => emulator.close())

  /** Sends bytes as they are and reads until the other side ends. */
  function sendBytes(text: string): Promise<string> {
    return new Promise((resolve) => {
      let answer = ''
      const socket = connect(Number(new URL(emulator.origin).port), '127.0.0.1', () => {
        socket.write(text, 'latin1')
      })
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
      socket.on('error', () => {})
      socket.on('close', () => resolve(answer))
    })
  }
  const host = 'Host: localhost\r\n'

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['no host', 'GET /v1/users HTTP/1.1\r\nConnection: close\r\n\r\n', 401],
    ['a header without a name', `GET / HTTP/1.1\r\n${host}: x\r\n\r\n`, 400],
    ['a length that is none', `POST / HTTP/1.1\r\n${host}Content-Length: x\r\n\r\n`, 400],
    [
      'two lengths',
      `POST / HTTP/1.1\r\n${host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['a broken chunk', `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
    ['headers without an end', `GET / HTTP/1.1\r\n${host}X: ${'x'.repeat(20_000)}`, 431],
    ['a request that never ends', `GET / HTTP/1.1\r\n${host}`, 408],
    ['a body that never ends', `POST /v1/users HTTP/1.1\r\n${host}Content-Length: 9\r\n\r\n{`, 408],
  ])('%s', async (_says, text, status) => {
    const answer = await sendBytes(text)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer).toMatch(/\r\nContent-Type: application\/json\r\n/i)
    expect(answer).toMatch(/\{"errors":\[\{"message":/)
    expect((await call(emulator, 'GET', '/users/user_ada')).status).toBe(200)
  })

  it('a client that goes away in the middle of its body', async () => {
    const port = Number(new URL(emulator.origin).port)
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(`POST /v1/users HTTP/1.1\r\n${host}Content-Length: 9\r\n\r\n{`)
        setTimeout(() => socket.resetAndDestroy(), 10)
      })
      socket.on('close', () => resolve())
    })
    expect((await call(emulator, 'GET', '/users/user_ada')).status).toBe(200)
    expect(emulator.requests).toHaveLength(1)
  })
})
