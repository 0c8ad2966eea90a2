import type { ExecutionContext } from '@nestjs/common'
import { IoAdapter } from '@nestjs/platform-socket.io'
import { WsAdapter } from '@nestjs/platform-ws'
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WsException,
} from '@nestjs/websockets'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import {
  CurrentMembership,
  OrganizationFrom,
  OrganizationMembershipsExceptionFilter,
  RequireOrganizationRole,
  type RequestFrom,
} from '../src/index.js'
import { type RunningApp, startApp } from './support/app.js'
import { forged, guardedBy, tokenOf } from './support/guarded.js'
import { seed } from './support/seed.js'

@WebSocketGateway()
class Reports {
  @SubscribeMessage('report')
  @RequireOrganizationRole('org:admin')
  @OrganizationFrom('organizationId')
  report(@MessageBody() _data: unknown, @CurrentMembership('organization') { id }: { id: string }) {
    return { event: 'report', data: { id } }
  }

  @SubscribeMessage('size')
  @RequireOrganizationRole('org:admin')
  @OrganizationFrom('organizationId')
  size(@MessageBody() data: number, @CurrentMembership('organization') { id }: { id: string }) {
    return { event: 'report', data: { id, data } }
  }

  @SubscribeMessage('fails')
  fails(@ConnectedSocket() _socket: unknown) {
    throw new WsException('The report is not ready.')
  }
}

/** Each message has its own token and organization; a number means Acme, with the token of the handshake. */
const fromSocket: RequestFrom = (context) => {
  const data: unknown = context.switchToWs().getData()
  if (typeof data === 'number') {
    return { headers: { authorization: handshakeOf(context) }, params: acme }
  }
  const { token, organizationId } = data as { token?: string; organizationId?: string }
  return { headers: { authorization: `Bearer ${token}` }, params: { organizationId } }
}
const acme = { organizationId: 'org_acme' }

function handshakeOf(context: ExecutionContext): string | undefined {
  return context.switchToWs().getClient<{ handshake?: { auth: { authorization?: string } } }>()
    .handshake?.auth.authorization
}

/** What both clients do: send an event, and give back the next event that comes. */
interface Client {
  ask(event: string, data: unknown): Promise<unknown>
  close(): void
}

async function connectPlain(url: string): Promise<Client> {
  const socket = new WebSocket(url.replace('http', 'ws'))
  await new Promise((resolve) => socket.once('open', resolve))
  return {
    ask: (event, data) =>
      new Promise((resolve) => {
        socket.once('message', (text: Buffer) => resolve(JSON.parse(text.toString())))
        socket.send(JSON.stringify({ event, data }))
      }),
    close: () => socket.close(),
  }
}

async function connectSocketIO(url: string, authorization?: string): Promise<Client> {
  const socket = io(url, { transports: ['websocket'], auth: { ...forged, authorization } })
  await new Promise((resolve) => socket.once('connect', () => resolve(undefined)))
  return {
    ask: (event, data) =>
      new Promise((resolve) => {
        socket.onAny((name: string, content: unknown) => {
          socket.offAny()
          resolve({ event: name, data: content })
        })
        socket.emit(event, data)
      }),
    close: () => void socket.close(),
  }
}

function startSockets(
  Adapter: typeof WsAdapter | typeof IoAdapter,
  requestFrom?: RequestFrom,
): Promise<RunningApp> {
  return startApp(
    'express',
    { imports: guardedBy(emulator, requestFrom), providers: [Reports] },
    (created) => {
      created.useWebSocketAdapter(new Adapter(created))
      created.useGlobalFilters(new OrganizationMembershipsExceptionFilter())
    },
  )
}

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ seed })
})
afterAll(() => emulator.close())

const refused = (message: unknown, pattern = 'report', statusCode = 401) => ({
  event: 'exception',
  data: {
    status: 'error',
    statusCode,
    code: statusCode === 401 ? 'authentication_invalid' : 'authorization_invalid',
    message,
    cause: { pattern },
  },
})

describe.each([
  ['ws', WsAdapter, connectPlain],
  ['socket.io', IoAdapter, connectSocketIO],
] as const)('messages over %s', (_kind, Adapter, connect) => {
  const running: { close(): unknown }[] = []
  let mapped: RunningApp
  const start = async (requestFrom?: RequestFrom) => {
    const app = await startSockets(Adapter, requestFrom)
    running.unshift(app)
    return app
  }
  beforeAll(async () => {
    mapped = await start(fromSocket)
  })
  afterAll(async () => {
    for (const each of running) await each.close()
  })
  const open = async (url: string) => {
    const client = await connect(url)
    running.unshift(client)
    return client
  }

  it('are refused in words where the app does not say where the token is', async () => {
    const client = await open((await start()).url)
    for (const data of [forged, null, 'report', 7, { headers: forged }]) {
      expect(await client.ask('report', data)).toEqual(
        refused(expect.stringMatching(/and this is a message of a WebSocket\. .*requestFrom says/)),
      )
    }
  })

  it.each([
    ['a forged request', forged, /^The session token is not valid/, 401],
    ['nothing', null, /^The session token of this call could not be read/, 401],
    ['a text', 'token', /^The request does not say which organization/, 403],
    ['a token that is an object', { ...forged, token: forged }, /^The request needs a signed/, 401],
    ['a list', [forged], /^The request does not say which organization/, 403],
  ])('are refused in words for %s', async (_, data: unknown, reason, status) => {
    const client = await open(mapped.url)
    expect(await client.ask('report', data)).toEqual(
      refused(expect.stringMatching(reason), 'report', status),
    )
  })

  it('are let in by a real token, with the membership of each message', async () => {
    const [ada, bob, eve] = await Promise.all(
      ['user_ada', 'user_bob', 'user_eve'].map((userId) => tokenOf(emulator, userId)),
    )
    const client = await open(mapped.url)
    expect(await client.ask('report', { token: ada, organizationId: 'org_acme' })).toEqual({
      event: 'report',
      data: { id: 'org_acme' },
    })
    expect(await client.ask('report', { token: eve, organizationId: 'org_globex' })).toEqual({
      event: 'report',
      data: { id: 'org_globex' },
    })
    expect(await client.ask('report', { token: bob, organizationId: 'org_acme' })).toEqual(
      refused('This takes the role org:admin in the organization.', 'report', 403),
    )
  })

  it('keep their own exceptions under our exception filter', async () => {
    const client = await open(mapped.url)
    expect(await client.ask('fails', 7)).toMatchObject({
      event: 'exception',
      data: { status: 'error', message: 'The report is not ready.' },
    })
  })
})

it('messages over socket.io may have their token in the handshake', async () => {
  const app = await startSockets(IoAdapter, fromSocket)
  const connect = async (userId: string) =>
    connectSocketIO(app.url, `Bearer ${await tokenOf(emulator, userId)}`)
  const [ada, stranger] = await Promise.all([connect('user_ada'), connect('user_eve')])
  expect(await ada.ask('size', 7)).toEqual({ event: 'report', data: { id: 'org_acme', data: 7 } })
  expect(await stranger.ask('size', 7)).toEqual(
    refused(expect.stringContaining('not a member of this organization'), 'size', 403),
  )
  ada.close()
  stranger.close()
  await app.close()
})
