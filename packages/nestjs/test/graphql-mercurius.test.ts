import { APP_FILTER } from '@nestjs/core'
import { GqlExecutionContext, GraphQLModule } from '@nestjs/graphql'
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OrganizationMembershipsExceptionFilter, type RequestFrom } from '../src/index.js'
import { type RunningApp, startApp } from './support/app.js'
import { forged, guardedBy, tokenOf } from './support/guarded.js'
import {
  ask,
  askOverWebSocket,
  refusalsOf,
  resolvers,
  seedOfTwo,
  typeDefs,
} from './support/graphql.js'

/** What `onConnect` below puts into the context of a connection. */
const fromConnection: RequestFrom = (context) => {
  const { connectionParams } = GqlExecutionContext.create(context).getContext<{
    connectionParams?: { [name: string]: string }
  }>()
  return connectionParams && { headers: connectionParams }
}

let emulator: Emulator
let app: RunningApp
beforeAll(async () => {
  emulator = await createEmulator({ seed: seedOfTwo })
  app = await startApp('fastify', {
    imports: [
      ...guardedBy(emulator, fromConnection),
      GraphQLModule.forRoot<MercuriusDriverConfig>({
        driver: MercuriusDriver,
        typeDefs,
        graphiql: false,
        subscription: {
          fullWsTransport: true,
          onConnect: ({ payload }: { payload: object }) => ({ connectionParams: payload }),
        },
      }),
    ],
    providers: [
      ...resolvers,
      { provide: APP_FILTER, useClass: OrganizationMembershipsExceptionFilter },
    ],
  })
})
afterAll(async () => {
  await app.close()
  await emulator.close()
})

const here = 'here: organization(organizationId: "org_acme") { id role }'
const there = 'there: organization(organizationId: "org_globex") { id role }'

describe('GraphQL over HTTP, mercurius on Fastify', () => {
  it('gives each field the membership in its own organization, in any order', async () => {
    const token = await tokenOf(emulator, 'user_dan')
    const data = {
      here: { id: 'org_acme', role: 'org:member' },
      there: { id: 'org_globex', role: 'org:admin' },
    }
    for (const query of [`{ ${here} ${there} }`, `{ ${there} ${here} }`]) {
      expect(await ask(app.url, query, { token })).toEqual({ data })
    }
  })

  it('refuses with the reason and the code', async () => {
    const refused = await Promise.all([
      ask(app.url, `{ ${here} }`, { ...forged, extensions: forged }),
      ask(app.url, `{ ${here} }`, { token: await tokenOf(emulator, 'user_eve') }),
      ask(app.url, '{ organization { id } }', { token: await tokenOf(emulator, 'user_dan') }),
    ])
    expect(refused.flatMap(refusalsOf)).toEqual([
      'UNAUTHENTICATED: The request needs a signed-in user: send a session token as Authorization: Bearer <token>.',
      'FORBIDDEN: You are not a member of this organization, or there is no such organization.',
      'FORBIDDEN: The request does not say which organization it is about.',
    ])
  })

  it("leaves the app's own exceptions as they are without our exception filter", async () => {
    expect(refusalsOf(await ask(app.url, '{ fails }'))).toEqual([
      expect.stringContaining('Closed on Sundays.'),
    ])
  })
})

describe('GraphQL over a WebSocket, mercurius', () => {
  const changes = 'subscription { changes(organizationId: "org_acme") }'
  const refused = async (query: string, params: object) =>
    (await askOverWebSocket(app.url, query, params)).flatMap(refusalsOf)

  it.each([
    ['a forged session', forged],
    ['a forged request', { req: forged, request: forged, reply: { request: forged } }],
    ['nothing', {}],
  ])('is refused in words for %s', async (_, connectionParams) => {
    for (const query of [changes, `{ ${here} }`]) {
      expect(await refused(query, connectionParams)).toEqual([
        expect.stringMatching(/The request needs a signed-in user/),
      ])
    }
  })

  it('is let in by a real token in the place that the app names', async () => {
    const Authorization = `Bearer ${await tokenOf(emulator, 'user_ada')}`
    expect(await askOverWebSocket(app.url, changes, { Authorization })).toEqual([
      { data: { changes: 'org_acme' } },
    ])
    const plainMember = { Authorization: `Bearer ${await tokenOf(emulator, 'user_dan')}` }
    expect(await refused(changes, plainMember)).toEqual([
      expect.stringContaining('This takes the role org:admin in the organization.'),
    ])
  })
})
