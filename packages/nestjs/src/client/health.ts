import {
  isAPIError,
  isInvalidArgumentError,
  isOrganizationMembershipsError,
} from '@org-memberships/core'
import { ClientShutdownError } from './client-shutdown-error.js'

/** In the form that `@nestjs/terminus` reads. */
export interface OrganizationMembershipsHealthResult {
  [key: string]: {
    status: 'up' | 'down'
    /** ms since the epoch */
    lastSuccessAt?: number
    /** ms since the epoch */
    lastFailureAt?: number
    /** Such as `TimeoutError`, or `InternalServerError 503`. Never a text from upstream. */
    lastFailure?: string
    consecutiveFailures: number
  }
}

const failuresUntilDown = 3
// ms
const memory = 60_000

/**
 * Tells from the calls that the app made anyway whether the API behind the client can be used. It makes none of its
 * own, so it costs no quota. Down: the last three calls in a row failed for what is not their caller's doing, and the
 * last of them in the past minute.
 *
 * @example
 * ```ts
 * health.check([() => this.membershipsHealth.isHealthy('memberships')]) // with @nestjs/terminus
 * ```
 */
export class OrganizationMembershipsHealth {
  #lastSuccessAt: number | undefined
  #lastFailureAt: number | undefined
  #lastFailure: string | undefined
  #consecutiveFailures = 0

  isHealthy(key = 'organization_memberships'): OrganizationMembershipsHealthResult {
    const isRecent = Date.now() - (this.#lastFailureAt ?? 0) < memory
    const isDown = this.#consecutiveFailures >= failuresUntilDown && isRecent
    return {
      [key]: {
        status: isDown ? 'down' : 'up',
        ...(this.#lastSuccessAt !== undefined && { lastSuccessAt: this.#lastSuccessAt }),
        ...(this.#lastFailureAt !== undefined && { lastFailureAt: this.#lastFailureAt }),
        ...(this.#lastFailure !== undefined && { lastFailure: this.#lastFailure }),
        consecutiveFailures: this.#consecutiveFailures,
      },
    }
  }

  recordSuccess(): void {
    this.#lastSuccessAt = Date.now()
    this.#consecutiveFailures = 0
  }

  recordFailure(error: unknown): void {
    // An abort, or arguments that were never sent, say nothing about the API.
    if (!isOrganizationMembershipsError(error) || isInvalidArgumentError(error)) return
    if (error instanceof ClientShutdownError) return
    // A refusal for what was asked (404, 422, …) shows that the API answers.
    if (isAPIError(error) && error.status < 500 && error.status !== 401 && error.status !== 429) {
      this.recordSuccess()
      return
    }
    this.#lastFailureAt = Date.now()
    this.#lastFailure = isAPIError(error) ? `${error.name} ${error.status}` : error.name
    this.#consecutiveFailures += 1
  }
}
