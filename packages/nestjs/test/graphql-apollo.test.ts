import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo'
import { APP_FILTER } from '@nestjs/core'
import { GqlExecutionContext, GraphQLModule } from '@nestjs/graphql'
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
import { origin } from './support/mounted.js'

/** The driver gives what `graphql-ws` knows of a connection as `req`. */
const fromConnection: RequestFrom = (context) => {
  const { req } = GqlExecutionContext.create(context).getContext<{
    req: { connectionParams?: { [name: string]: string } }
  }>()
  return req.connectionParams && { headers: req.connectionParams }
}

let emulator: Emulator
let plain: RunningApp
let mapped: RunningApp
beforeAll(async () => {
  emulator = await createEmulator({ seed: seedOfTwo })
  const start = (requestFrom?: RequestFrom) =>
    startApp('express', {
      imports: [
        ...guardedBy(emulator, requestFrom),
        GraphQLModule.forRoot<ApolloDriverConfig>({
          driver: ApolloDriver,
          typeDefs,
          graphiql: false,
          subscriptions: { 'graphql-ws': true },
        }),
      ],
      providers: [
        ...resolvers,
        { provide: APP_FILTER, useClass: OrganizationMembershipsExceptionFilter },
      ],
    })
  plain = await start()
  mapped = await start(fromConnection)
})
afterAll(async () => {
  await plain.close()
  await mapped.close()
  await emulator.close()
})

const here = 'here: organization(organizationId: "org_acme") { id role }'
const there = 'there: organization(organizationId: "org_globex") { id role }'

describe('GraphQL over HTTP, Apollo on Express', () => {
  it('gives each field the membership in its own organization, in any order', async () => {
    const token = await tokenOf(emulator, 'user_dan')
    const data = {
      here: { id: 'org_acme', role: 'org:member' },
      there: { id: 'org_globex', role: 'org:admin' },
    }
    for (const query of [`{ ${here} ${there} }`, `{ ${there} ${here} }`]) {
      expect(await ask(plain.url, query, { token })).toEqual({ data })
    }
  })

  it('refuses without a token, and what is forged, with the reason and the code', async () => {
    const answer = await ask(plain.url, `{ ${here} }`, { ...forged, extensions: forged })
    expect(refusalsOf(answer)).toEqual([
      'UNAUTHENTICATED: The request needs a signed-in user: send a session token as Authorization: Bearer <token>.',
    ])
  })

  it('refuses the wrong role, a stranger and a missing organization by the code FORBIDDEN', async () => {
    const token = await tokenOf(emulator, 'user_dan')
    const nested = (id: string) => `{ nested(where: { organizationId: "${id}" }) { id } }`
    expect(await ask(plain.url, nested('org_globex'), { token })).toEqual({
      data: { nested: { id: 'org_globex' } },
    })
    const refused = await Promise.all([
      ask(plain.url, nested('org_acme'), { token }),
      ask(plain.url, `{ ${here} }`, { token: await tokenOf(emulator, 'user_eve') }),
      ask(plain.url, '{ organization { id } }', { token }),
      ask(plain.url, '{ active }', { token }),
    ])
    expect(refused.flatMap(refusalsOf)).toEqual([
      'FORBIDDEN: This takes the role org:admin in the organization.',
      'FORBIDDEN: You are not a member of this organization, or there is no such organization.',
      'FORBIDDEN: The request does not say which organization it is about.',
      'FORBIDDEN: No organization is active in your session: choose one first.',
    ])
  })

  it('goes by the active organization where nothing else is named', async () => {
    const token = await emulator.createSessionToken({
      userId: 'user_dan',
      organizationId: 'org_globex',
      azp: origin,
    })
    expect(await ask(plain.url, '{ active }', { token })).toEqual({ data: { active: 'org:admin' } })
  })

  it("leaves the app's own exceptions as they are without our exception filter", async () => {
    expect(refusalsOf(await ask(plain.url, '{ fails }'))).toEqual(['FORBIDDEN: Closed on Sundays.'])
  })
})

describe('GraphQL over a WebSocket, graphql-ws', () => {
  const changes = 'subscription { changes(organizationId: "org_acme") }'
  const refused = async (app: RunningApp, query: string, params: object) =>
    (await askOverWebSocket(app.url, query, params)).flatMap(refusalsOf)

  it.each([
    ['a forged session', forged],
    ['a forged request', { req: forged, request: forged, extra: { request: forged } }],
    ['nothing', {}],
  ])('is refused in words for %s', async (_, connectionParams) => {
    for (const query of [changes, `{ ${here} }`]) {
      expect(await refused(plain, query, connectionParams)).toEqual([
        expect.stringMatching(/^UNAUTHENTICATED: .*, and this is GraphQL whose context holds none/),
      ])
      expect(await refused(mapped, query, connectionParams)).toEqual([
        expect.stringMatching(/^UNAUTHENTICATED: The request needs a signed-in user/),
      ])
    }
  })

  it('is let in by a real token in the place that the app names', async () => {
    const Authorization = `Bearer ${await tokenOf(emulator, 'user_ada')}`
    expect(await askOverWebSocket(mapped.url, changes, { Authorization })).toEqual([
      { data: { changes: 'org_acme' } },
    ])
    expect(await refused(plain, changes, { Authorization })).toEqual([
      expect.stringMatching(/^UNAUTHENTICATED: .*requestFrom/),
    ])
    const plainMember = { Authorization: `Bearer ${await tokenOf(emulator, 'user_dan')}` }
    expect(await refused(mapped, changes, plainMember)).toEqual([
      'FORBIDDEN: This takes the role org:admin in the organization.',
    ])
  })
})
