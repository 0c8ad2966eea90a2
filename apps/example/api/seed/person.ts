import { namePools, type Office } from './names.js'
import type { Random } from './random.js'

/** Someone with an account, member or not. */
export interface Person {
  readonly userId: string
  readonly firstName: string
  readonly lastName: string
  readonly username: string
  readonly emailAddress: string
  readonly office: Office
}

// A domain that can never exist (RFC 2606), so that no demo data is anybody's address.
const mailDomain = 'meridian.example'

/** Draws people without drawing the same name, and so the same address, twice. */
export function createPeople(random: Random): {
  draw(): Person
  named(firstName: string, lastName: string, office: Office): Person
} {
  const taken = new Set<string>()
  // A few hundred names make thousands of people.
  const inASCII = new Map<string, string>()
  const spell = (name: string): string => {
    const known = inASCII.get(name) ?? toASCII(name)
    inASCII.set(name, known)
    return known
  }
  const usernameOf = (firstName: string, lastName: string): string =>
    `${spell(firstName)}.${spell(lastName)}`
  const named = (firstName: string, lastName: string, office: Office): Person => {
    const username = usernameOf(firstName, lastName)
    taken.add(username)
    return {
      userId: createId('user', random),
      firstName,
      lastName,
      username,
      emailAddress: `${username}@${mailDomain}`,
      office,
    }
  }
  return {
    named,
    draw() {
      for (;;) {
        const pool = random.pick(namePools)
        const firstName = random.pick(pool.firstNames)
        const lastName = random.pick(pool.lastNames)
        if (taken.has(usernameOf(firstName, lastName))) continue
        return named(firstName, lastName, random.pick(pool.offices))
      }
    },
  }
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** An id of the API's form: a prefix and 27 base-62 characters. */
export function createId(prefix: string, random: Random): string {
  let id = `${prefix}_2`
  while (id.length < prefix.length + 28) id += base62[random.integer(0, 61)]
  return id
}

/** `Øster` → `oster`, `van den Berg` → `vandenberg`, `Yılmaz` → `yilmaz`. */
function toASCII(name: string): string {
  return name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-zøłı]/g, '')
    .replace(/ø/g, 'o')
    .replace(/ł/g, 'l')
    .replace(/ı/g, 'i')
}
