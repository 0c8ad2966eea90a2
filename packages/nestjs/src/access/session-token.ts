type Members = { readonly [name: string]: unknown }

/** Longer than any header that Node accepts by default, so that no session token of a browser is too long. */
const maxLength = 16_384
const jwtForm = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** JOSE header `cat` (contract, section 16). Absent in tokens of older instances. */
const sessionCategories = new Set<unknown>([undefined, 'cl_B7d4PD111AAA', 'cl_I7d4PD111III'])

/**
 * Reads the header of a token whose signature is checked elsewhere. A token of a JWT template, of a machine or of an
 * OAuth app is signed with the same key as a session token, so only the header tells them apart.
 *
 * @returns the id of the signing key; `undefined` where this is no session token
 */
export function keyIdOfSessionToken(token: string): string | undefined {
  if (token.length > maxLength || !jwtForm.test(token)) return undefined
  const header = readPart(token, 0)
  if (header === undefined) return undefined
  const { alg, typ, cat, crit, kid } = header
  if (alg !== 'RS256' || crit !== undefined) return undefined
  if (typ !== undefined && typ !== 'JWT') return undefined
  if (!sessionCategories.has(cat)) return undefined
  return typeof kid === 'string' ? kid : undefined
}

/** The claims in a token whose signature was checked elsewhere; `undefined` where they cannot be read. */
export function payloadOf(token: string): Members | undefined {
  return readPart(token, 1)
}

function readPart(token: string, index: 0 | 1): Members | undefined {
  try {
    const part: unknown = JSON.parse(
      Buffer.from(token.split('.', 2)[index] ?? '', 'base64url').toString(),
    )
    return typeof part === 'object' && part !== null ? (part as Members) : undefined
  } catch {
    return undefined
  }
}
