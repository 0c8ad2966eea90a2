import type { SentHeaders } from './headers.js'

// A `fetch` of someone else's may attach the whole request to what it throws, and a server may quote the key that it
// refuses, in its text or in a header. Neither is to carry the credential into an error or an event. What counts is the
// header that was sent: an `Authorization` of the caller's own takes the place of the key.

const replacement = '[credential]'

/** How many values of an error are looked at before it is taken to be unsafe. */
const mostValues = 2_000

/** The text with every occurrence of the credential in the sent headers replaced. */
export function redact(text: string, sent: SentHeaders | undefined): string {
  const credential = credentialOf(sent)
  return credential === undefined ? text : text.replaceAll(credential, replacement)
}

/** The error itself where it holds the credential nowhere, else what is safe to tell of it. */
export function withoutCredential(error: unknown, sent: SentHeaders | undefined): unknown {
  const credential = credentialOf(sent)
  if (credential === undefined || !holds(error, credential)) return error
  const { name, message, code } = (error ?? {}) as {
    name?: unknown
    message?: unknown
    code?: unknown
  }
  const safe = new Error(redact(String(message), sent))
  safe.name = redact(String(name), sent)
  return typeof code === 'string' ? Object.assign(safe, { code: redact(code, sent) }) : safe
}

/** Without the scheme: whoever quotes the whole value quotes this too. */
function credentialOf(sent: SentHeaders | undefined): string | undefined {
  return sent?.get('authorization')?.replace(/^\S+ +/, '') || undefined
}

function holds(root: unknown, credential: string): boolean {
  const seen = new Set<unknown>([root])
  // A Set is iterated in the order of insertion, also over what is added on the way.
  for (const value of seen) {
    if (typeof value === 'string' && value.includes(credential)) return true
    if (typeof value !== 'object' || value === null) continue
    if (seen.size > mostValues) return true
    for (const part of partsOf(value)) seen.add(part)
  }
  return false
}

function partsOf(value: object): unknown[] {
  try {
    const own = Reflect.ownKeys(value).map(
      (key) => Object.getOwnPropertyDescriptor(value, key)?.value as unknown,
    )
    // Headers, and a Request or Response, keep theirs behind accessors.
    if (isHeaders(value) || value instanceof Map) return [...own, ...[...value].flat()]
    return [...own, (value as { headers?: unknown }).headers]
  } catch {
    return []
  }
}

function isHeaders(value: object): value is Headers {
  return typeof Headers === 'function' && value instanceof Headers
}
