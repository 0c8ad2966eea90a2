import { Button, EmptyState, Paper } from '@mantine/core'
import { SearchIcon } from '../layout/icons.js'

/** An empty list, and why it is empty. */
export function NoMembers({
  isNarrowed,
  organizationName,
  onShowAll,
}: {
  isNarrowed: boolean
  organizationName: string
  onShowAll: () => void
}) {
  return (
    <Paper withBorder radius="lg" p="xl">
      <EmptyState
        icon={<SearchIcon />}
        title={isNarrowed ? 'Nobody matches' : 'No members yet'}
        description={
          isNarrowed
            ? `Nobody in ${organizationName} fits this search and role.`
            : `${organizationName} has no members. Add the first one.`
        }
      >
        {isNarrowed && (
          <Button variant="default" mt="sm" onClick={onShowAll}>
            Show everybody
          </Button>
        )}
      </EmptyState>
    </Paper>
  )
}
