/**
 * App-wide types, set once by module augmentation; no generics at call sites.
 *
 * @example
 * ```ts
 * import '@org-memberships/core' // without it, this would replace the module's own types
 *
 * declare module '@org-memberships/core' {
 *   interface Register {
 *     role: 'org:admin' | 'org:member' | 'org:billing'
 *     publicMetadata: { title?: string; team?: { id: string; lead?: boolean } }
 *     privateMetadata: { costCentre?: string }
 *   }
 * }
 * ```
 */
export interface Register {}

// The globals that users of Clerk's own SDKs already fill. Empty here, so that they merge with Clerk's
// declaration (two index signatures in merged interfaces would not compile) and with the user's.
declare global {
  interface OrganizationMembershipPublicMetadata {}
  interface OrganizationMembershipPrivateMetadata {}
  interface ClerkAuthorization {}
}

type OrAnyObject<T> = [keyof T] extends [never] ? { [key: string]: unknown } : T

/** A role key, such as `org:admin`. Narrowed by `Register['role']`, else by `ClerkAuthorization['role']`. */
export type OrganizationRole = Register extends { role: infer Role extends string }
  ? Role
  : ClerkAuthorization extends { role: infer Role extends string }
    ? Role
    : 'org:admin' | 'org:member' | (string & {})

/** What a browser may see of a member. Typed by `Register['publicMetadata']`, else by Clerk's global interface. */
export type PublicMetadata = Register extends { publicMetadata: infer Metadata extends object }
  ? Metadata
  : OrAnyObject<OrganizationMembershipPublicMetadata>

/** What only a backend may see of a member. Typed by `Register['privateMetadata']`, else by Clerk's global interface. */
export type PrivateMetadata = Register extends { privateMetadata: infer Metadata extends object }
  ? Metadata
  : OrAnyObject<OrganizationMembershipPrivateMetadata>
