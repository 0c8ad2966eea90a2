// A request and its answer without a transport: a socket and `emulator.fetch` both end here.

export interface IncomingRequest {
  readonly method: string
  /** Path and query, as sent. */
  readonly target: string
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string | undefined }
  /** `too large` where it was longer than the emulator reads. */
  readonly body: Uint8Array | 'too large'
  /** The sender's address, where there is one. */
  readonly address?: string | undefined
}

export interface Answer {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string | Uint8Array
  /** The first error's code, for the log. */
  readonly code?: string | undefined
}

/** What goes out: an answer, or one of the ways in which a network loses it. */
export type Delivery =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** The connection breaks without an answer. */
  | { readonly kind: 'reset' }
  /** Nothing comes, and the connection stays open. */
  | { readonly kind: 'stall' }
  /** The connection breaks in the middle of the body. */
  | { readonly kind: 'truncate'; readonly answer: Answer }

/** JSON with exactly this type: the official client compares it to the letter (contract, section 1). */
export function jsonAnswer(
  status: number,
  json: unknown,
  headers: { readonly [name: string]: string } = {},
): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(json),
  }
}
