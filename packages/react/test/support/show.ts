import type { OrganizationMembership } from '@org-memberships/core'

interface Shown {
  readonly memberships: readonly OrganizationMembership[] | undefined
  readonly totalCount: number | undefined
}

/** `2: user_2=member user_1=admin`: the total, then each row's user and role. */
export function rolesOf(list: Shown): string {
  return show(list, ({ role }) => role.replace('org:', ''))
}

/** The same with the public metadata in place of the role. */
export function metadataOf(list: Shown): string {
  return show(list, ({ publicMetadata }) => JSON.stringify(publicMetadata))
}

function show(
  { memberships, totalCount }: Shown,
  value: (row: OrganizationMembership) => string,
): string {
  if (!memberships) return 'unknown'
  const rows = memberships.map((row) => ` ${row.publicUserData?.userId}=${value(row)}`)
  return `${totalCount}:${rows.join('')}`
}
