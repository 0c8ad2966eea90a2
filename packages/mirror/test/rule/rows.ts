import type { OrganizationMembership } from '@org-memberships/core'
import type { Database, Row } from '../../src/database/database.js'
import { databaseClock, type MemberId, type Tables } from '../../src/rows/tables.js'
import type { Reading, WriteOptions } from '../../src/rows/write.js'
import { migrate } from '../../src/schema/migrate.js'

/** Fresh tables, with the database's own clock. */
export async function createTables(database: Database, schema: string): Promise<Tables> {
  await migrate(database, { schema })
  return { database, schema, quoted: `"${schema}"`, now: databaseClock }
}

export const ada: MemberId = { organizationId: 'org_acme', userId: 'user_ada' }

export function membershipOf(
  { organizationId, userId }: MemberId,
  role = 'org:member',
): OrganizationMembership {
  return {
    id: `orgmem_${userId}`,
    role: role as OrganizationMembership['role'],
    permissions: [],
    publicMetadata: {},
    privateMetadata: { secret: true },
    organization: {
      id: organizationId,
      name: 'Acme',
      publicMetadata: {},
      createdAt: 1,
      updatedAt: 1,
    },
    publicUserData: {
      userId,
      firstName: 'Ada',
      lastName: 'Lovelace',
      imageUrl: 'https://images.example/ada.png',
      hasImage: true,
      identifier: 'ada@example.com',
    },
    createdAt: 1,
    updatedAt: 1,
  }
}

/** A reading of a member. */
export function said(member: MemberId, membership: OrganizationMembership | null): Reading {
  return { ...member, membership }
}

export const reading = {
  source: 'read',
  unknown: 'insert',
  keepPrivateMetadata: false,
} satisfies Omit<WriteOptions, 'moment'>

export async function rowOf({ database, quoted }: Tables, member: MemberId): Promise<Row> {
  const { rows } = await database.query(
    `select membership::text as membership, version::text as version, stale_version::text as stale, pending_writes::text as pending
from ${quoted}.memberships where organization_id = $1 and user_id = $2`,
    [member.organizationId, member.userId],
  )
  return rows[0] ?? {}
}

export async function feedOf({ database, quoted }: Tables): Promise<readonly Row[]> {
  const { rows } = await database.query(
    `select number::text as number, organization_id, user_id, kind, before::text as before, after::text as after, source, actor
from ${quoted}.changes order by changes.number`,
    [],
  )
  return rows
}
