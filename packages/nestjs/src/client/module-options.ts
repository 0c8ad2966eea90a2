import type { ClientOptions } from '@org-memberships/core'

/** The options of the core client, and what an app adds. */
export interface OrganizationMembershipsModuleOptions extends ClientOptions {
  /** How long calls under way may go on once the app shuts down, ms. After that they are aborted. @default 5_000 */
  shutdownTimeout?: number
}

/** What `useClass` and `useExisting` of `forRootAsync` name. */
export interface OrganizationMembershipsOptionsFactory {
  createOrganizationMembershipsOptions():
    | Promise<OrganizationMembershipsModuleOptions>
    | OrganizationMembershipsModuleOptions
}
