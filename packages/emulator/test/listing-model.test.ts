import type { OrganizationMembershipQuery } from '@org-memberships/core'
import { type OrganizationMembershipJSON, toListSearchParams } from '@org-memberships/core/contract'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../src/index.js'
import { call } from './call.js'
import { seed, sparseQuery, users } from './listing-queries.js'

// Every answer of the list route against the slowest possible reading of the contract's section 3.

let emulator: Emulator
let rows: OrganizationMembershipJSON[]
beforeAll(async () => {
  emulator = await createEmulator({ seed })
  rows = (await call(emulator, 'GET', '/organizations/org_1/memberships?limit=500')).json.data
})
afterAll(() => emulator.close())

const byId = new Map(users.map((user) => [user.id, user]))
const lower = (text: string) => text.toLowerCase()
const texts = (value: string | readonly string[] | null | undefined): string[] =>
  value === null || value === undefined ? [] : [value].flat()
const isIn = (values: readonly string[] | undefined, own: readonly string[]) =>
  values === undefined || values.some((value) => own.map(lower).includes(lower(value)))
const isPart = (part: string | undefined, own: readonly string[]) =>
  part === undefined || own.some((text) => lower(text).includes(lower(part)))

function model(query: OrganizationMembershipQuery): { ids: string[]; total: number } {
  const matching = rows.filter((row) => {
    const user = byId.get(row.public_user_data?.user_id ?? '')
    if (user === undefined) return false
    const emails = texts(user.email_address)
    const phones = texts(user.phone_number)
    const wallets = texts(user.web3_wallet)
    const names = texts(user.username)
    const name = [user.first_name, user.last_name].filter((part) => part !== null).join(' ')
    const ids = texts(query.userId)
    const included = ids.filter((id) => !id.startsWith('-')).map((id) => id.replace(/^\+/, ''))
    const active = user.last_active_at
    return (
      (included.length === 0 || included.includes(user.id)) &&
      !ids.includes(`-${user.id}`) &&
      (query.role === undefined || texts(query.role).includes(row.role)) &&
      isIn(query.emailAddress as string[] | undefined, emails) &&
      isIn(query.phoneNumber as string[] | undefined, phones) &&
      isIn(query.username as string[] | undefined, names) &&
      isIn(query.web3Wallet as string[] | undefined, wallets) &&
      isPart(query.query, [user.id, name, ...emails, ...phones, ...wallets, ...names]) &&
      isPart(query.emailAddressQuery, emails) &&
      isPart(query.phoneNumberQuery, phones) &&
      isPart(query.usernameQuery, names) &&
      isPart(query.nameQuery, [name]) &&
      (query.createdAtBefore === undefined || user.created_at < query.createdAtBefore) &&
      (query.createdAtAfter === undefined || user.created_at > query.createdAtAfter) &&
      (query.lastActiveAtBefore === undefined ||
        (typeof active === 'number' && active < query.lastActiveAtBefore)) &&
      (query.lastActiveAtAfter === undefined ||
        (typeof active === 'number' && active > query.lastActiveAtAfter))
    )
  })
  const order = query.orderBy ?? '-created_at'
  const sorted = matching.toSorted(compareUpwards(order.replace(/^[+-]/, '')))
  if (order.startsWith('-')) sorted.reverse()
  const { limit = 10, offset = 0 } = query
  return {
    ids: sorted.slice(offset, offset + limit).map((row) => row.id),
    total: matching.length,
  }
}

function compareUpwards(field: string) {
  const key = (row: OrganizationMembershipJSON) => {
    if (field === 'created_at') return ''
    const user = byId.get(row.public_user_data?.user_id ?? '')
    const value = texts(user?.[field as 'username'])[0]
    return value === undefined ? '\u{10FFFF}' : lower(value)
  }
  return (a: OrganizationMembershipJSON, b: OrganizationMembershipJSON) => {
    const [keyA, keyB] = [key(a), key(b)]
    if (keyA !== keyB) return keyA < keyB ? -1 : 1
    return a.created_at - b.created_at || (a.id < b.id ? -1 : 1)
  }
}

it('answers every query as the model does', async () => {
  await fc.assert(
    fc.asyncProperty(sparseQuery, async (asked) => {
      const path = `/organizations/org_1/memberships?${toListSearchParams(asked).toString()}`
      const { json } = await call(emulator, 'GET', path)
      expect({ ids: json.data.map(({ id }) => id), total: json.total_count }).toEqual(model(asked))
    }),
    { numRuns: 600 },
  )
})
