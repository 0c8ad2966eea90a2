import {
  type ClientEvent,
  isInvalidArgumentError,
  type OrganizationMembershipsClient,
} from '@org-memberships/core'
import type { CallsInFlight } from './calls-in-flight.js'
import { ClientStartError } from './client-start-error.js'
import type { OrganizationMembershipsHealth } from './health.js'
import { logEvents } from './event-log.js'
import { noteAttempt } from './lost-answers.js'
import { ObservedClient } from './observed-client.js'
import type { OrganizationMembershipsModuleOptions } from './module-options.js'
import { createTracer } from './tracing.js'

/** @throws ClientStartError that says which client cannot start, and what to set */
export async function createClient(
  name: string | undefined,
  { shutdownTimeout: _ofTheModule, ...options }: OrganizationMembershipsModuleOptions,
  calls: CallsInFlight,
  health: OrganizationMembershipsHealth,
): Promise<OrganizationMembershipsClient> {
  const trace = await createTracer()
  try {
    const log = logEvents(name, options.onEvent)
    const onEvent = (event: ClientEvent) => {
      noteAttempt(event)
      log(event)
    }
    const observed = { ...options, onEvent }
    return new ObservedClient(observed, (call, signal, run) =>
      trace(call, async () => {
        try {
          const result = await calls.run(signal, run)
          health.recordSuccess()
          return result
        } catch (error) {
          health.recordFailure(error)
          throw error
        }
      }),
    )
  } catch (error) {
    if (!isInvalidArgumentError(error)) throw error
    const which = name === undefined ? '' : ` (client '${name}')`
    throw new ClientStartError(
      name,
      error.parameter,
      `OrganizationMembershipsModule${which} cannot start: ${error.message}`,
    )
  }
}
