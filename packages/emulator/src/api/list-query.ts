import type { OrganizationMembershipQuery } from '@org-memberships/core'
import { listParameters, readListQuery } from '@org-memberships/core/contract'
import { Failure } from './failures.js'

/**
 * Reads the parameters of a list.
 *
 * @param accepted those that the route takes; the others are ignored (contract, section 3)
 * @throws Failure 422 naming each value that has the wrong form
 */
export function readQuery(
  search: URLSearchParams,
  accepted?: readonly (keyof OrganizationMembershipQuery)[],
): OrganizationMembershipQuery {
  const reading = readListQuery(withSafeTimes(search), accepted)
  if (reading.ok) return reading.value
  throw new Failure(422, reading.errors)
}

const timeNames = Object.values(listParameters)
  .filter(({ kind }) => kind === 'timestamp')
  .map(({ name }) => name)

/** The API's times are 64-bit integers. A time too large for a JavaScript number filters as the largest one does. */
function withSafeTimes(search: URLSearchParams): URLSearchParams {
  const unsafe = timeNames.filter((name) => isUnsafe(search.get(name)))
  if (unsafe.length === 0) return search
  const safe = new URLSearchParams(search)
  for (const name of unsafe) {
    safe.set(name, search.get(name)?.startsWith('-') === true ? `-${largest}` : largest)
  }
  return safe
}

/** The largest that core reads; some 30,000 years from now. */
const largest = '9'.repeat(15)

function isUnsafe(text: string | null): boolean {
  return text !== null && /^-?\d{16,19}$/.test(text) && fitsInt64(BigInt(text))
}

function fitsInt64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value
}
