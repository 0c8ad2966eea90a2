import { languages, teams } from './jobs.js'
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

const memberCount = 250
const candidateCount = 40
const adminCount = 6

// Fixed dates, and long past: the same list at every start, and nobody joined in the future.
const founded = Date.UTC(2019, 2, 4, 9)
const latest = Date.UTC(2025, 5, 27, 15)

/** The same believable organization at every start: 250 members, and 40 people who could become members. */
export function createDemoOrganization(seed = 20190304): DemoOrganization {
  const random = createRandom(seed)
  const people = createPeople(random)
  const joined = joinDates(random)

  const admin = membership(
    people.named('Ngozi', 'Adeyemi', { city: 'Lagos', timeZone: 'Africa/Lagos' }),
    'org:admin',
    { team: 'Operations', title: 'Head of Operations' },
    founded,
    random,
  )
  const member = membership(
    people.named('Mateo', 'Fuentes', { city: 'Madrid', timeZone: 'Europe/Madrid' }),
    'org:member',
    { team: 'Map Data', title: 'Cartographer' },
    joined[0] ?? latest,
    random,
  )
  const others = joined
    .slice(1)
    .map((createdAt, index) =>
      membership(
        people.draw(),
        index < adminCount - 1 ? 'org:admin' : 'org:member',
        drawJob(random),
        createdAt,
        random,
      ),
    )

  return {
    id: createId('org', random),
    name: 'Meridian Maps',
    slug: 'meridian-maps',
    memberships: [admin, member, ...others].toSorted((a, b) => a.createdAt - b.createdAt),
    candidates: Array.from({ length: candidateCount }, () => people.draw()),
    admin,
    member,
  }
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

/** When everyone but the founder joined: oldest first, on working hours, ever faster as the organization grew. */
function joinDates(random: Random): number[] {
  const day = 24 * 60 * 60 * 1000
  return Array.from({ length: memberCount - 1 }, (_, index) => {
    const share = Math.sqrt((index + random.next()) / memberCount)
    const date = Math.floor((founded + share * (latest - founded)) / day) * day
    return date + random.integer(8 * 60, 17 * 60) * 60_000 + random.integer(0, 59_999)
  }).toSorted((a, b) => a - b)
}

function drawJob(random: Random): { team: string; title: string } {
  let ticket = random.next() * teams.reduce((sum, { weight }) => sum + weight, 0)
  const team = teams.find(({ weight }) => (ticket -= weight) < 0) ?? random.pick(teams)
  return { team: team.name, title: random.pick(team.titles) }
}

function drawLanguages(random: Random): string[] {
  return [...new Set([random.pick(languages), 'English', random.pick(languages)])]
}
