import { InvalidArgumentError } from './errors.js'

/** Headers by name, in any case; `null` removes one, `undefined` leaves it as it is. */
export interface HeaderOptions {
  readonly [name: string]: string | null | undefined
}

/**
 * What is sent, by names in lower case. Not the runtime's `Headers`: in Node.js that loads the whole HTTP client, which a
 * client that is only made would pay for.
 */
export type SentHeaders = ReadonlyMap<string, string>

/** A copy with other headers set, or with `null` removed. */
export function withHeaders(headers: SentHeaders, own: HeaderOptions | undefined): SentHeaders {
  if (own === undefined) return headers
  const result = new Map(headers)
  for (const [name, value] of Object.entries(own)) {
    if (value === null) result.delete(name.toLowerCase())
    else if (value !== undefined) result.set(name.toLowerCase(), value.trim())
  }
  return result
}

/**
 * A copy of the option, checked: what the caller does to the object afterwards makes no difference. The value of a header
 * may be a secret, so no error quotes it.
 */
export function checkHeaders(own: unknown): HeaderOptions | undefined {
  if (own === undefined) return undefined
  if (!isPlain(own)) {
    throw new InvalidArgumentError(
      'headers',
      "headers must be a plain object such as { 'X-Trace': '1' }; Headers, a Map or an array is not read. " +
        'Object.fromEntries(headers) makes one.',
    )
  }
  for (const [name, value] of Object.entries(own)) {
    if (value === null || value === undefined) continue
    if (typeof value !== 'string') {
      throw new InvalidArgumentError(
        'headers',
        `headers: the value of '${name}' must be a string, or null to remove the header.`,
      )
    }
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value.trim())) {
      throw new InvalidArgumentError(
        'headers',
        `headers: the name or the value of '${name}' holds characters that a header cannot carry.`,
      )
    }
  }
  return { ...(own as HeaderOptions) }
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // An object of another realm has another Object.prototype, which has no prototype of its own either.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
