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

const base62 = Buffer.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')

// Filled anew for each id: twenty thousand texts that grow by a character take a noticeable part of the start.
const letters = Buffer.alloc(26)

/** An id of the API's form: a prefix and 27 base-62 characters. */
export function createId(prefix: string, random: Random): string {
  for (let at = 0; at < letters.length; at++) {
    letters[at] = base62[random.integer(0, base62.length - 1)] ?? 0
  }
  return `${prefix}_2${letters.toString('latin1')}`
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
