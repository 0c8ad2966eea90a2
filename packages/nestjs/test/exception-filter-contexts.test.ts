import type { Server } from 'node:net'
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo'
import {
  Controller,
  ForbiddenException,
  HttpException,
  Inject,
  type ModuleMetadata,
  type Type,
} from '@nestjs/common'
import { APP_FILTER } from '@nestjs/core'
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql'
import {
  ClientProxyFactory,
  MessagePattern,
  Payload,
  RpcException,
  Transport,
} from '@nestjs/microservices'
import { IoAdapter } from '@nestjs/platform-socket.io'
import { MessageBody, SubscribeMessage, WebSocketGateway, WsException } from '@nestjs/websockets'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { firstValueFrom, throwError } from 'rxjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { io } from 'socket.io-client'
import { unauthenticated, unauthorized } from '../src/errors/refusal.js'
import {
  OrganizationMembershipsExceptionFilter,
  OrganizationMembershipsModule,
} from '../src/index.js'
import { createApp } from './support/app.js'
import { call } from './support/mounted.js'
import { seed } from './support/seed.js'

// The filter is global, so every context of a hybrid app asks it: each answers as it does without it.

const thrown: { readonly [kind: string]: (client: OrganizationMembershipsClient) => unknown } = {
  words: () => new RpcException('of the app'),
  object: () => new RpcException({ code: 7, details: 'of the app' }),
  socket: () => new WsException({ code: 7 }),
  http: () => new ForbiddenException('of the app'),
  bug: () => new Error('a secret of the app'),
  upstream: (client) =>
    client
      .delete({ organizationId: 'org_acme', userId: 'user_nobody' })
      .catch((error: unknown) => error),
}
const kinds = Object.keys(thrown)

@Controller()
class Messages {
  constructor(
    @Inject(OrganizationMembershipsClient) private readonly client: OrganizationMembershipsClient,
  ) {}

  @MessagePattern('fail')
  async fail(@Payload() kind: string) {
    throw await thrown[kind]?.(this.client)
  }

  @MessagePattern('stream')
  async stream(@Payload() kind: string) {
    const error = await thrown[kind]?.(this.client)
    return throwError(() => error)
  }
}

@WebSocketGateway()
class Sockets {
  constructor(
    @Inject(OrganizationMembershipsClient) private readonly client: OrganizationMembershipsClient,
  ) {}

  @SubscribeMessage('fail')
  async fail(@MessageBody() kind: string) {
    throw await thrown[kind]?.(this.client)
  }
}

@Resolver()
class Fields {
  constructor(
    @Inject(OrganizationMembershipsClient) private readonly client: OrganizationMembershipsClient,
  ) {}

  @Query(() => String)
  async upstream() {
    throw await thrown['upstream']?.(this.client)
  }

  @Query(() => String)
  http() {
    throw new HttpException({ message: 'of the app', statusCode: 402 }, 402)
  }

  @Query(() => String)
  bug() {
    throw new Error('of the app')
  }

  @Query(() => String)
  forbidden() {
    throw unauthorized('Not yours.')
  }

  @Query(() => String)
  nobody() {
    throw unauthenticated('Who are you?')
  }
}

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ seed })
})
afterAll(() => emulator.close())

const filter = { provide: APP_FILTER, useClass: OrganizationMembershipsExceptionFilter }

function metadataOf(isFiltered: boolean, own: ModuleMetadata): ModuleMetadata {
  const { secretKey, url: baseURL } = emulator
  return {
    ...own,
    imports: [
      OrganizationMembershipsModule.forRoot({ secretKey, baseURL, isGlobal: true }),
      ...(own.imports ?? []),
    ],
    providers: [...(own.providers ?? []), ...(isFiltered ? [filter] : [])],
  }
}

async function answersToMessages(isFiltered: boolean): Promise<unknown[]> {
  const app = await createApp('express', metadataOf(isFiltered, { controllers: [Messages] }))
  const microservice = app.connectMicroservice(
    { transport: Transport.TCP, options: { host: '127.0.0.1', port: 0 } },
    { inheritAppConfig: true },
  )
  await app.startAllMicroservices()
  const address = microservice.unwrap<Server>().address()
  if (typeof address !== 'object' || address === null) throw new Error('It does not listen.')
  const client = ClientProxyFactory.create({
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port: address.port },
  })
  const answers: unknown[] = []
  for (const pattern of ['fail', 'stream']) {
    for (const kind of kinds) {
      const answer: unknown = await firstValueFrom(client.send<unknown>(pattern, kind)).catch(
        (error: unknown) => error,
      )
      answers.push([pattern, kind, answer])
    }
  }
  client.close()
  await app.close()
  return answers
}

async function answersToSockets(isFiltered: boolean): Promise<unknown[]> {
  const app = await createApp('express', metadataOf(isFiltered, { providers: [Sockets] }))
  app.useWebSocketAdapter(new IoAdapter(app))
  await app.listen(0, '127.0.0.1')
  const socket = io(await app.getUrl(), { transports: ['websocket'] })
  await new Promise((resolve) => socket.once('connect', () => resolve(undefined)))
  const answers: unknown[] = []
  for (const kind of kinds) {
    const answer = new Promise<unknown>((resolve) => {
      socket.once('exception', resolve)
    })
    socket.emit('fail', kind)
    answers.push([kind, await answer])
  }
  socket.close()
  await app.close()
  return answers
}

async function answersToFields(isFiltered: boolean): Promise<{ [field: string]: unknown }> {
  const app = await createApp(
    'express',
    metadataOf(isFiltered, {
      imports: [
        GraphQLModule.forRoot<ApolloDriverConfig>({
          driver: ApolloDriver as Type<ApolloDriver>,
          autoSchemaFile: true,
          includeStacktraceInErrorResponses: false,
          formatError: (error) => error,
        }),
      ],
      providers: [Fields],
    }),
  )
  await app.listen(0, '127.0.0.1')
  const answers: { [field: string]: unknown } = {}
  for (const field of ['upstream', 'http', 'bug', 'forbidden', 'nobody']) {
    const body = { query: `{ ${field} }` }
    const { json } = await call('POST', `${await app.getUrl()}/graphql`, { body })
    answers[field] = (json as { errors: unknown[] }).errors[0]
  }
  await app.close()
  return answers
}

describe('under the global filter', () => {
  it('messages of microservices are answered as without it', async () => {
    const without = await answersToMessages(false)
    expect(await answersToMessages(true)).toEqual(without)
    expect(without).toContainEqual(['fail', 'words', { status: 'error', message: 'of the app' }])
    expect(JSON.stringify(without)).not.toMatch(/a secret|user_nobody/)
  })

  it('messages of WebSockets are answered as without it', async () => {
    const without = await answersToSockets(false)
    expect(await answersToSockets(true)).toEqual(without)
    expect(without).toContainEqual(['socket', { code: 7 }])
    expect(JSON.stringify(without)).not.toMatch(/a secret|user_nobody/)
  })

  it('GraphQL answers as without it, and names our refusals', async () => {
    const without = await answersToFields(false)
    const withIt = await answersToFields(true)
    const traceless = (answers: object) =>
      JSON.parse(JSON.stringify(answers).replaceAll(/[0-9a-f]{32}/g, 'trace')) as unknown
    expect(traceless(withIt)).toEqual(traceless(without))
    expect(withIt).toMatchObject({
      forbidden: { message: 'Not yours.', extensions: { code: 'FORBIDDEN' } },
      nobody: { message: 'Who are you?', extensions: { code: 'UNAUTHENTICATED' } },
    })
  })
})
