export {
  createEmulator,
  type Emulator,
  type EmulatorEnvironment,
  type Webhooks,
} from './emulator.js'
export type {
  DeletedOrganizationJSON,
  DeletedUserJSON,
  EmulatorEvent,
  EventData,
  EventListener,
  EventType,
  MembershipEvent,
} from './events/event.js'
export type {
  AcceptedInvitation,
  InvitationOptions,
  OrganizationFields,
  UserFields,
} from './api/administration.js'
export type { InvitationJSON } from './api/invitation-presentation.js'
export type { ContactJSON, UserJSON } from './api/user-presentation.js'
export type { EventChoice, WebhookDelay, WebhookOptions } from './events/webhook-options.js'
export type { WebhookDelivery } from './events/webhooks.js'
export { DataFileError } from './journal/data-file-error.js'
export type { EmulatorOptions, Fallback } from './options.js'
export type { InstanceRules } from './api/rules.js'
export type { Clock } from './clock.js'
export type {
  FaultOptions,
  NetworkFault,
  PlannedFault,
  RequestSelector,
  StatusFault,
} from './faults/faults.js'
export type { Hold, HoldOptions } from './faults/holds.js'
export type { Latency } from './faults/latency.js'
export type { RateLimit, RateLimitNumbers } from './server/rate-limit.js'
export type { RequestLogEntry } from './server/request-log.js'
export { SeedError, type SeedProblem } from './seed/check.js'
export type { Seed, SeedMembership, SeedOrganization, SeedRole, SeedUser } from './seed/seed.js'
export type { ServedRouteName } from './server/router.js'
export type { MachineTokenOptions, SessionTokenOptions, TemplateTokenOptions } from './tokens.js'
