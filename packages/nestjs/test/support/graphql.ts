import { ForbiddenException, type Type, UseGuards } from '@nestjs/common'
import { GqlExecutionContext, Query, Resolver, Subscription } from '@nestjs/graphql'
import type { OrganizationMembership } from '@org-memberships/core'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import {
  CurrentMembership,
  OrganizationFrom,
  OrganizationMembershipGuard,
  RequireOrganizationRole,
} from '../../src/index.js'
import { call } from './mounted.js'
import { seed } from './seed.js'

const [acme, globex] = seed.organizations

/** Dan is an admin of Globex and a member of Acme. */
export const seedOfTwo = {
  ...seed,
  organizations: [
    { ...acme!, memberships: [...acme!.memberships, { user_id: 'user_dan', role: 'org:member' }] },
    {
      ...globex!,
      memberships: [...globex!.memberships, { user_id: 'user_dan', role: 'org:admin' }],
    },
  ],
}

export const typeDefs = `
  type Organization { id: ID! role: String! }
  input Where { organizationId: ID! }
  type Query {
    organization(organizationId: ID): Organization!
    nested(where: Where!): Organization!
    active: String!
    fails: String!
  }
  type Subscription { changes(organizationId: ID!): String! }
`

@Resolver()
class Organizations {
  @Query('organization')
  @OrganizationFrom('organizationId')
  @UseGuards(OrganizationMembershipGuard)
  organization(@CurrentMembership() { organization, role }: OrganizationMembership) {
    return { id: organization.id, role }
  }

  @Query('nested')
  @OrganizationFrom(
    (_request, context) =>
      GqlExecutionContext.create(context).getArgs<{ where: { organizationId: string } }>().where
        .organizationId,
  )
  @RequireOrganizationRole('org:admin')
  nested(@CurrentMembership() { organization, role }: OrganizationMembership) {
    return { id: organization.id, role }
  }

  @Query('active')
  @RequireOrganizationRole('org:admin')
  active(@CurrentMembership('role') role: string) {
    return role
  }

  @Query('fails')
  fails() {
    throw new ForbiddenException('Closed on Sundays.')
  }

  @Subscription('changes', { resolve: (value: string) => value })
  @OrganizationFrom('organizationId')
  @RequireOrganizationRole('org:admin')
  async *changes(@CurrentMembership('organization') { id }: { id: string }) {
    yield id
  }
}
export const resolvers: Type[] = [Organizations]

export interface GraphQLAnswer {
  data?: unknown
  errors?: { message: string; extensions?: { code?: string } }[]
}

/** One operation over HTTP. */
export async function ask(
  url: string,
  query: string,
  { token, ...body }: { token?: string; [key: string]: unknown } = {},
): Promise<GraphQLAnswer> {
  const answer = await call('POST', `${url}/graphql`, { token, body: { query, ...body } })
  return answer.json as GraphQLAnswer
}

/** One operation over a WebSocket: its results. */
export async function askOverWebSocket(
  url: string,
  query: string,
  params: object,
): Promise<GraphQLAnswer[]> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { ...params },
    retryAttempts: 0,
  })
  try {
    const results: GraphQLAnswer[] = []
    for await (const result of client.iterate({ query, extensions: { ...params } })) {
      results.push(result as GraphQLAnswer)
    }
    return results
  } catch (errors) {
    // What ends an operation before its first result.
    return [{ errors } as GraphQLAnswer]
  } finally {
    await client.dispose()
  }
}

/** What an answer's errors say to a caller. */
export function refusalsOf({ errors = [] }: GraphQLAnswer): string[] {
  return errors.map(({ message, extensions }) => `${extensions?.code}: ${message}`)
}
