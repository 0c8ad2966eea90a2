import { Badge } from '@mantine/core'
import { useOrganizationMemberships } from '@org-memberships/react'
import { inNumbers } from '../overview/figures-in-words.js'

/** How many members there are, whatever the list below is narrowed to. */
export function MemberCount({ organizationId }: { organizationId: string }) {
  const { totalCount } = useOrganizationMemberships(organizationId, { limit: 1 })
  if (totalCount === undefined) return null
  return (
    <Badge size="lg" variant="light" tt="none">
      {inNumbers(totalCount)} in all
    </Badge>
  )
}
