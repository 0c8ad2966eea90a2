import { languages, teams } from './jobs.js'
import { joinDates } from './join-dates.js'
import { createId, createPeople, type Person } from './person.js'
import { createRandom, type Random } from './random.js'

/** The public metadata of every seeded member. */
export interface DemoPublicMetadata {
  title: string
  team: string
  office: { city: string; timeZone: string }
  languages?: string[]
  onCall?: boolean
}

/** What only a backend may see. It is here to prove that it never reaches the page. */
export interface DemoPrivateMetadata {
  employeeNumber: string
  salaryBand: string
}

export interface DemoMembership {
  readonly person: Person
  readonly role: 'org:admin' | 'org:member'
  readonly publicMetadata: DemoPublicMetadata
  readonly privateMetadata: DemoPrivateMetadata
  /** ms since the epoch */
  readonly createdAt: number
}

export interface DemoOrganization {
  readonly id: string
  readonly name: string
  readonly slug: string
  readonly memberships: readonly DemoMembership[]
  /** People with an account who are not members yet, for the reader to add. */
  readonly candidates: readonly Person[]
  /** The two that a reader can be. */
  readonly admin: DemoMembership
  readonly member: DemoMembership
}

/** How to make the demo organization. */
export interface DemoOrganizationOptions {
  /** Another seed gives other people. */
  seed?: number
  /** Members, the two whom a reader can be among them. @default 10_000 */
  members?: number
  /** Everybody joined before this day began, UTC; ms since the epoch. @default today */
  until?: number
}

const candidateCount = 40

/**
 * A believable organization: people of many places, few admins, three years of growth, and 40 people who could become
 * members. One seed gives the same people in the same order at every start, however many; their dates end with `until`.
 */
export function createDemoOrganization({
  seed = 20190304,
  members = 10_000,
  until = Date.now(),
}: DemoOrganizationOptions = {}): DemoOrganization {
  const random = createRandom(seed)
  const people = createPeople(random)
  // First whoever a reader meets by name, so that they are the same in an organization of any size.
  const id = createId('org', random)
  const ngozi = people.named('Ngozi', 'Adeyemi', { city: 'Lagos', timeZone: 'Africa/Lagos' })
  const mateo = people.named('Mateo', 'Fuentes', { city: 'Madrid', timeZone: 'Europe/Madrid' })
  const candidates = [
    people.named('Salma', 'Naguib', { city: 'Cairo', timeZone: 'Africa/Cairo' }),
    people.named('Océane', 'Mercier', { city: 'Montréal', timeZone: 'America/Toronto' }),
    ...Array.from({ length: candidateCount - 2 }, () => people.draw()),
  ]

  const [founded = until, ...joined] = joinDates(members, until, random)
  const isAdmin = spreadAdmins(joined.length)
  const memberships = joined.map((createdAt, index) => {
    if (index === 0) {
      const job = { team: 'Map Data', title: 'Cartographer' }
      return membership(mateo, 'org:member', job, createdAt, random)
    }
    const role = isAdmin(index) ? 'org:admin' : 'org:member'
    return membership(people.draw(), role, drawJob(random), createdAt, random)
  })
  const operations = { team: 'Operations', title: 'Head of Operations' }
  const admin = membership(ngozi, 'org:admin', operations, founded, random)
  const [member] = memberships
  if (member === undefined) throw new RangeError('The demo takes two members at least.')

  return {
    id,
    name: 'Meridian Maps',
    slug: 'meridian-maps',
    memberships: [admin, ...memberships],
    candidates,
    admin,
    member,
  }
}

/** One admin for some two hundred members, and five beside the founder at least, all through the years. */
function spreadAdmins(others: number): (index: number) => boolean {
  const distance = Math.max(1, Math.floor(others / Math.max(5, Math.round(others / 220))))
  return (index) => index % distance === Math.floor(distance / 2)
}

function membership(
  person: Person,
  role: DemoMembership['role'],
  job: { team: string; title: string },
  createdAt: number,
  random: Random,
): DemoMembership {
  return {
    person,
    role,
    publicMetadata: {
      ...job,
      office: { ...person.office },
      ...(random.chance(0.35) && { languages: drawLanguages(random) }),
      ...(job.team === 'Engineering' && random.chance(0.4) && { onCall: random.chance(0.3) }),
    },
    privateMetadata: {
      employeeNumber: `MM-${random.integer(10_000, 99_999)}`,
      salaryBand: `${random.pick(['B', 'C', 'D'])}${random.integer(1, 5)}`,
    },
    createdAt,
  }
}

function drawJob(random: Random): { team: string; title: string } {
  let ticket = random.next() * teams.reduce((sum, { weight }) => sum + weight, 0)
  const team = teams.find(({ weight }) => (ticket -= weight) < 0) ?? random.pick(teams)
  return { team: team.name, title: random.pick(team.titles) }
}

function drawLanguages(random: Random): string[] {
  return [...new Set([random.pick(languages), 'English', random.pick(languages)])]
}
