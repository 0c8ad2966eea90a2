import { describe, expect, test } from 'vitest'
import { createDemoOrganization } from '../api/seed/demo-organization.js'
import { demoSeed } from '../api/seed/demo-seed.js'

// A Tuesday in the middle of a month.
const until = Date.UTC(2026, 10, 24, 15)
const demo = createDemoOrganization({ until })
const everybody = [...demo.memberships.map(({ person }) => person), ...demo.candidates]

describe('the demo organization', () => {
  test('has 10,000 members and 40 people to add, each only once', () => {
    expect(demo.memberships).toHaveLength(10_000)
    expect(demo.candidates).toHaveLength(40)
    for (const key of ['userId', 'username', 'emailAddress'] as const) {
      expect(new Set(everybody.map((person) => person[key])).size).toBe(10_040)
    }
    const names = everybody.map(({ firstName, lastName }) => `${firstName} ${lastName}`)
    expect(new Set(names).size).toBe(10_040)
  })

  test('is the same at every start, and another one with another seed', () => {
    expect(createDemoOrganization({ until })).toEqual(demo)
    expect(createDemoOrganization({ until: until + 60_000 })).toEqual(demo)
    expect(createDemoOrganization({ until, seed: 7 }).candidates).not.toEqual(demo.candidates)
  })

  test('of another size has the same id, the same people to be and the same people to add', () => {
    const small = createDemoOrganization({ until, members: 250 })

    expect(small.memberships).toHaveLength(250)
    expect(small.id).toBe(demo.id)
    expect(small.candidates).toEqual(demo.candidates)
    expect(small.admin.person).toEqual(demo.admin.person)
    expect(small.member.person).toEqual(demo.member.person)
    expect(small.memberships.filter(({ role }) => role === 'org:admin').length).toBeLessThan(10)
    expect(demo.candidates[0]?.firstName).toBe('Salma')
  })

  test('has ids and addresses of the form of real ones, which belong to nobody', () => {
    for (const { userId, username, emailAddress } of everybody) {
      expect(userId).toMatch(/^user_\w{27}$/)
      expect(username).toMatch(/^[a-z]+\.[a-z]+$/)
      expect(emailAddress).toBe(`${username}@meridian.example`)
    }
    expect(demo.id).toMatch(/^org_\w{27}$/)
  })

  test('has members of many places: nobody’s name is common, and no city has them all', () => {
    const share = (values: string[]) => {
      const counts = new Map<string, number>()
      for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
      return Math.max(...counts.values()) / values.length
    }
    const { memberships } = demo

    expect(share(memberships.map(({ person }) => person.firstName))).toBeLessThan(0.01)
    expect(share(memberships.map(({ person }) => person.lastName))).toBeLessThan(0.01)
    expect(share(memberships.map(({ person }) => person.office.city))).toBeLessThan(0.12)
    expect(share(memberships.map(({ publicMetadata }) => publicMetadata.team))).toBeLessThan(0.3)
  })

  test('is managed by a few, who came at all times', () => {
    const admins = demo.memberships.flatMap(({ role }, index) =>
      role === 'org:admin' ? index : [],
    )

    expect(demo.admin.role).toBe('org:admin')
    expect(demo.member.role).toBe('org:member')
    expect(admins.length).toBeGreaterThan(20)
    expect(admins.length).toBeLessThan(80)
    expect(admins[0]).toBe(0)
    expect(admins.at(-1)).toBeGreaterThan(9_000)
  })

  test('gives every member private metadata, so that a leak would show', () => {
    const [organization] = demoSeed(demo).organizations ?? []

    for (const { private_metadata: secret } of organization?.memberships ?? []) {
      expect(secret?.['employeeNumber']).toMatch(/^MM-\d{5}$/)
      expect(secret?.['salaryBand']).toMatch(/^[BCD][1-5]$/)
    }
  })
})

describe('its members joined', () => {
  const dates = demo.memberships.map(({ createdAt }) => createdAt)
  const byMonth = new Map<string, number>()
  for (const date of dates) {
    const month = new Date(date).toISOString().slice(0, 7)
    byMonth.set(month, (byMonth.get(month) ?? 0) + 1)
  }

  test('one after the other, on working days of the last three years, none in the future', () => {
    expect(dates).toEqual(dates.toSorted((a, b) => a - b))
    expect(new Set(dates).size).toBe(10_000)
    for (const date of dates) expect([0, 6]).not.toContain(new Date(date).getUTCDay())
    expect([...byMonth.keys()].at(0)).toBe('2023-12')
    expect([...byMonth.keys()].at(-1)).toBe('2026-11')
    expect(byMonth.size).toBe(36)
    expect(dates.at(-1)).toBeLessThan(Date.UTC(2026, 10, 24))
  })

  test('ever faster, but not on a straight line', () => {
    const months = [...byMonth.values()]
    const sum = (some: number[]) => some.reduce((total, count) => total + count, 0)

    expect(sum(months.slice(24))).toBeGreaterThan(2 * sum(months.slice(0, 12)))
    // A merger, and months in which hardly anybody was hired.
    expect(Math.max(...months.slice(12, 24))).toBeGreaterThan(2 * (sum(months.slice(12, 24)) / 12))
    expect(Math.min(...months.slice(24))).toBeLessThan(0.4 * (sum(months.slice(24)) / 12))
  })

  test.each([
    ['on the first day of a month', Date.UTC(2026, 10, 1)],
    ['on a Monday that a month begins with a weekend before', Date.UTC(2026, 7, 3, 9)],
    ['early in a year', Date.UTC(2027, 0, 4)],
  ])('before the start, also %s', (_name, start) => {
    const { memberships } = createDemoOrganization({ until: start, members: 2_000 })

    expect(memberships.at(-1)?.createdAt).toBeLessThan(start)
  })
})
