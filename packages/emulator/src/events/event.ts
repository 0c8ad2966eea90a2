import type { OrganizationJSON, OrganizationMembershipJSON } from '@org-memberships/core/contract'
import type { InvitationJSON } from '../api/invitation-presentation.js'
import type { UserJSON } from '../api/user-presentation.js'
import { warn } from '../warning.js'

/** What the event of each type carries (contract, section 10). */
export interface EventData {
  /** The membership after the change; a deleted one as it was, with `members_count` after the removal. */
  'organizationMembership.created': OrganizationMembershipJSON
  'organizationMembership.updated': OrganizationMembershipJSON
  'organizationMembership.deleted': OrganizationMembershipJSON
  'organization.created': OrganizationJSON
  'organization.updated': OrganizationJSON
  'organization.deleted': DeletedOrganizationJSON
  'user.created': UserJSON
  'user.updated': UserJSON
  'user.deleted': DeletedUserJSON
  'organizationInvitation.created': InvitationJSON
  'organizationInvitation.accepted': InvitationJSON
  'organizationInvitation.revoked': InvitationJSON
}

export interface DeletedOrganizationJSON {
  readonly object: 'organization'
  readonly id: string
  readonly slug?: string
  readonly deleted: true
}

export interface DeletedUserJSON {
  readonly object: 'user'
  readonly id: string
  readonly external_id?: string
  readonly deleted: true
}

export type EventType = keyof EventData

/** What a webhook carries; `type` says what `data` is. */
export type EmulatorEvent = {
  [Type in EventType]: {
    readonly object: 'event'
    readonly type: Type
    readonly data: EventData[Type]
    /** ms since the epoch. */
    readonly timestamp: number
    readonly instance_id: string
    readonly event_attributes: {
      readonly http_request: { readonly client_ip: string; readonly user_agent: string }
    }
  }
}[EventType]

export type MembershipEvent = Extract<
  EmulatorEvent,
  { readonly type: `organizationMembership.${string}` }
>

/** An event whose data is read right after its change, where anybody wants it. */
export type EventDraft = {
  [Type in EventType]: { readonly type: Type; readonly data: () => EventData[Type] }
}[EventType]

export interface EventSource {
  readonly timestamp: number
  readonly instanceId: string
  /** What the request that caused the event came with; empty texts where there was none. */
  readonly clientIP: string
  readonly userAgent: string
}

export function createEvent(draft: EventDraft, source: EventSource): EmulatorEvent {
  return {
    object: 'event',
    type: draft.type,
    data: draft.data(),
    timestamp: source.timestamp,
    instance_id: source.instanceId,
    event_attributes: {
      http_request: { client_ip: source.clientIP, user_agent: source.userAgent },
    },
  } as EmulatorEvent
}

export type EventListener = (event: EmulatorEvent) => void

/** Those who asked to hear of each change. */
export class EventListeners {
  readonly #listeners = new Set<EventListener>()

  get size(): number {
    return this.#listeners.size
  }

  /** @returns removes the listener */
  add(listener: EventListener): () => void {
    // A function of its own, so that the same listener may be added twice and removed once.
    const own: EventListener = (event) => listener(event)
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  /** A listener that throws harms neither the request nor the other listeners; it is reported as a warning. */
  notify(event: EmulatorEvent): void {
    for (const listener of this.#listeners) {
      try {
        // A copy for each: a listener that changes it must reach neither the store nor the next one.
        listener(JSON.parse(JSON.stringify(event)) as EmulatorEvent)
      } catch (error) {
        warn(error)
      }
    }
  }
}
