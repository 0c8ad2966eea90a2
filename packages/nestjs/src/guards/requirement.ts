/** What a handler asks of a caller's membership. */
export type Requirement =
  | { readonly kind: 'permissions'; readonly all: readonly string[] }
  | { readonly kind: 'roles'; readonly anyOf: readonly string[] }

export const requirementsKey = Symbol('OrganizationMembershipRequirements')
export const organizationSourceKey = Symbol('OrganizationMembershipSource')
