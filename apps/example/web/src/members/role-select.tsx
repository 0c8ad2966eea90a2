import { NativeSelect } from '@mantine/core'
import type { OrganizationMembership } from '@org-memberships/core'
import { memberName } from './member-name.js'
import { roles } from './roles.js'

/** A member's role, which can be changed in place. */
export function RoleSelect({
  membership,
  onChange,
}: {
  membership: OrganizationMembership
  onChange: (role: string) => void
}) {
  const isListed = roles.some(({ value }) => value === membership.role)
  return (
    <NativeSelect
      size="xs"
      w={116}
      aria-label={`Role of ${memberName(membership)}`}
      value={membership.role}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={
        // A role made elsewhere is shown as it is, and can be left.
        isListed
          ? roles
          : [...roles, { value: membership.role, label: membership.roleName ?? membership.role }]
      }
    />
  )
}
