import { expect, test } from 'vitest'
import { createDemoOrganization } from '../api/seed/demo-organization.js'
import { demoSeed } from '../api/seed/demo-seed.js'

const demo = createDemoOrganization()

test('the organization has 250 members and 40 people to add, each only once', () => {
  const people = [...demo.memberships.map(({ person }) => person), ...demo.candidates]

  expect(demo.memberships).toHaveLength(250)
  expect(demo.candidates).toHaveLength(40)
  expect(new Set(people.map(({ userId }) => userId)).size).toBe(290)
  expect(new Set(people.map(({ emailAddress }) => emailAddress)).size).toBe(290)
  expect(new Set(people.map(({ firstName, lastName }) => `${firstName} ${lastName}`)).size).toBe(
    290,
  )
})

test('it is the same at every start, and another one with another seed', () => {
  expect(createDemoOrganization()).toEqual(demo)
  expect(createDemoOrganization(7).candidates).not.toEqual(demo.candidates)
})

test('ids and addresses have the form of real ones, and belong to nobody', () => {
  for (const { userId, emailAddress } of [
    ...demo.memberships.map(({ person }) => person),
    ...demo.candidates,
  ]) {
    expect(userId).toMatch(/^user_\w{27}$/)
    expect(emailAddress).toMatch(/^[a-z]+\.[a-z]+@meridian\.example$/)
  }
  expect(demo.id).toMatch(/^org_\w{27}$/)
})

test('people joined one after the other, long ago, and a few of them manage the rest', () => {
  const dates = demo.memberships.map(({ createdAt }) => createdAt)

  expect(dates).toEqual(dates.toSorted((a, b) => a - b))
  expect(new Set(dates).size).toBe(250)
  expect(Math.max(...dates)).toBeLessThan(Date.UTC(2025, 6, 1))
  expect(demo.memberships.filter(({ role }) => role === 'org:admin')).toHaveLength(6)
  expect(demo.admin.role).toBe('org:admin')
  expect(demo.member.role).toBe('org:member')
})

test('every member has private metadata, so that a leak would show', () => {
  const [organization] = demoSeed(demo).organizations ?? []

  for (const { private_metadata: secret } of organization?.memberships ?? []) {
    expect(secret).toEqual({
      employeeNumber: expect.stringMatching(/^MM-\d{5}$/),
      salaryBand: expect.stringMatching(/^[BCD][1-5]$/),
    })
  }
})
