import type { APIVersion } from './versions.js'

/** How an emulated instance is set, and how it decides where the API's own behaviour is not known. */
export interface InstanceRules {
  /**
   * Whether the last member who can manage an organization may be removed or demoted. `always`: never allowed;
   * `never`: always allowed; `by-version`: refused with API version 2021-02-05, allowed with newer ones.
   *
   * @default 'by-version'
   */
  readonly lastAdminRule: 'always' | 'never' | 'by-version'
  /** Organizations are switched on for the instance; 403 on each membership route otherwise. @default true */
  readonly organizationsEnabled: boolean
  /** A user may belong to one organization only. @default false */
  readonly exclusiveMembership: boolean
  /** A user may be left without any organization. @default true */
  readonly personalAccounts: boolean
  /**
   * Deleting a user or an organization sends `organizationMembership.deleted` for each membership that goes with it,
   * before its own event.
   *
   * @default true
   */
  readonly cascadeEvents: boolean
}

export const defaultRules: InstanceRules = {
  lastAdminRule: 'by-version',
  organizationsEnabled: true,
  exclusiveMembership: false,
  personalAccounts: true,
  cascadeEvents: true,
}

/** Whether the last member with the minimum permissions must stay (contract, section 8). */
export function keepsLastAdmin({ lastAdminRule }: InstanceRules, version: APIVersion): boolean {
  return lastAdminRule === 'always' || (lastAdminRule === 'by-version' && version === '2021-02-05')
}
