import type { OrganizationMembershipJSON } from '@org-memberships/core'
import type { IncomingRequest } from '../server/message.js'
import { warn } from '../warning.js'
import type { ChangeKind } from '../store/store.js'

export type MembershipEventType = `organizationMembership.${ChangeKind}`

/** What a webhook carries (contract, section 10). */
export interface MembershipEvent {
  readonly object: 'event'
  readonly type: MembershipEventType
  /** The membership after the change; a deleted one as it was, with `members_count` after the removal. */
  readonly data: OrganizationMembershipJSON
  /** ms since the epoch. */
  readonly timestamp: number
  readonly instance_id: string
  readonly event_attributes: {
    readonly http_request: { readonly client_ip: string; readonly user_agent: string }
  }
}

export interface EventSource {
  readonly kind: ChangeKind
  readonly data: OrganizationMembershipJSON
  readonly timestamp: number
  readonly instanceId: string
  readonly request: Pick<IncomingRequest, 'address' | 'headers'>
}

export function createEvent(source: EventSource): MembershipEvent {
  const { address = '', headers } = source.request
  return {
    object: 'event',
    type: `organizationMembership.${source.kind}`,
    data: source.data,
    timestamp: source.timestamp,
    instance_id: source.instanceId,
    event_attributes: {
      http_request: { client_ip: address, user_agent: headers['user-agent'] ?? '' },
    },
  }
}

export type EventListener = (event: MembershipEvent) => void

/** Those who asked to be told of each change. */
export class EventListeners {
  readonly #listeners = new Set<EventListener>()

  get size(): number {
    return this.#listeners.size
  }

  /** @returns stops the telling */
  add(listener: EventListener): () => void {
    // A function of its own, so that the same listener may be added twice and removed once.
    const own: EventListener = (event) => listener(event)
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  /** A listener that throws harms neither the request nor the other listeners; it is reported as a warning. */
  tell(event: MembershipEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event)
      } catch (error) {
        warn(error)
      }
    }
  }
}
