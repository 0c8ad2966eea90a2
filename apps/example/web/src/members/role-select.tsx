import { NativeSelect, Text } from '@mantine/core'
import type { OrganizationMembership } from '@org-memberships/core'
import { useOrganizationMembershipStatus } from '@org-memberships/react'
import { memberName, memberUserId } from './member-name.js'
import { roleLabel, roles } from './roles.js'
import type { WriteKind } from './use-failed-writes.js'

/** A member's role, which can be changed in place. */
export function RoleSelect({
  organizationId,
  membership,
  mayManage,
  failedWrite,
  onChange,
}: {
  organizationId: string
  membership: OrganizationMembership
  mayManage: boolean
  failedWrite: WriteKind | undefined
  onChange: (role: string) => void
}) {
  const { pending } = useOrganizationMembershipStatus(organizationId, memberUserId(membership))
  if (!mayManage) {
    return (
      // As high as the field, so that nothing moves when it takes this place.
      <Text size="sm" lh="30px" w={116}>
        {nameOfRole(membership)}
      </Text>
    )
  }
  const isListed = roles.some(({ value }) => value === membership.role)
  return (
    <NativeSelect
      size="xs"
      w={116}
      aria-label={`Role of ${memberName(membership)}`}
      value={membership.role}
      // Only of a change that was made here: the metadata may have been refused as well.
      error={pending === 0 && failedWrite === 'role'}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={
        // A role made elsewhere is shown as it is, and can be left.
        isListed ? roles : [...roles, { value: membership.role, label: nameOfRole(membership) }]
      }
    />
  )
}

function nameOfRole({ role, roleName }: OrganizationMembership): string {
  const label = roleLabel(role)
  return label === role ? (roleName ?? role) : label
}
