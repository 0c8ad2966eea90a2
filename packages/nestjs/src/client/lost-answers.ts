import { AsyncLocalStorage } from 'node:async_hooks'
import type { ClientEvent } from '@org-memberships/core'

interface Attempts {
  /** Those whose answer did not come from the API, and that another attempt followed. */
  lost: number
  status: number | undefined
}

const underWay = new AsyncLocalStorage<Attempts>()

/**
 * Runs a call of a client, and counts the attempts of it that may still be carried out when the call has ended: the
 * answer was lost, and the client went on to another attempt.
 *
 *     attempt 1 ── answer lost ── ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  is carried out
 *           attempt 2 ── answered ──▶ the call has ended, lost: 1
 */
export function countLostAnswers<T>(call: () => Promise<T>): {
  readonly result: Promise<T>
  readonly lost: () => number
} {
  const attempts: Attempts = { lost: 0, status: undefined }
  return { result: underWay.run(attempts, call), lost: () => attempts.lost }
}

/** Told of each event of a client of this package. */
export function noteAttempt(event: ClientEvent): void {
  const attempts = underWay.getStore()
  if (attempts === undefined) return
  if (event.type === 'response') attempts.status = event.status
  if (event.type === 'retry' && !isOfTheAPI(attempts.status)) attempts.lost += 1
}

/** A gateway's answer says nothing of what is behind it. */
function isOfTheAPI(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && ![408, 502, 504].includes(status)
}
