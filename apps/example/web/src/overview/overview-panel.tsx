import {
  Alert,
  Button,
  Group,
  Paper,
  SimpleGrid,
  Skeleton,
  Text,
  VisuallyHidden,
} from '@mantine/core'
import type { ReactNode } from 'react'
import useSWR from 'swr'
import { inWords } from '../app/error-in-words.js'
import type { GetToken } from '../app/session.js'
import { Columns, drawingHeight, roleColumns, RoleFigures } from './overview-columns.js'
import { useOverview } from './use-overview.js'

/**
 * The organization in figures: who has which role, and when they joined. It keeps its height while it loads, and
 * whatever becomes of it, the list below does not depend on it.
 */
export function OverviewPanel({ getToken }: { getToken: GetToken }) {
  const { data: overview, error, mutate } = useOverview(getToken)
  // More than half as much script as the whole rest of the page, so the list does not wait for it.
  const chart = useSWR<typeof import('./joins-chart.js'), Error>('joins-chart', loadChart, {
    revalidateOnFocus: false,
    shouldRetryOnError: false,
  })
  const isOld = overview !== undefined
  const failure = error !== undefined && (
    <Failure error={error} isOld={isOld} onRetry={() => void mutate()} />
  )

  if (overview === undefined) {
    return (
      <Frame isBusy={error === undefined}>
        {failure || (
          <>
            <VisuallyHidden role="status">Loading the figures</VisuallyHidden>
            <Columns
              overview={null}
              roles={
                <SimpleGrid cols={roleColumns} spacing="md" mt={10}>
                  <Skeleton h={34} />
                  <Skeleton h={34} />
                </SimpleGrid>
              }
              joins={<Skeleton h={drawingHeight} />}
            />
          </>
        )}
      </Frame>
    )
  }
  return (
    <Frame>
      {failure}
      <Columns
        overview={overview}
        roles={<RoleFigures overview={overview} />}
        joins={
          chart.data !== undefined ? (
            <chart.data.JoinsChart overview={overview} />
          ) : chart.error === undefined ? (
            <Skeleton h={drawingHeight} />
          ) : (
            <NoChart />
          )
        }
      />
    </Frame>
  )
}

const loadChart = () => import('./joins-chart.js')

/** A script that could not be loaded is not asked for a second time by every browser: only a reload helps. */
function NoChart() {
  return (
    <Alert color="red" role="alert" title="The picture cannot be loaded">
      <Group justify="space-between" gap="xs">
        <Text size="sm">Check that the server still runs, then reload the page.</Text>
        <Button size="xs" variant="default" onClick={() => location.reload()}>
          Reload
        </Button>
      </Group>
    </Alert>
  )
}

function Frame({ isBusy = false, children }: { isBusy?: boolean; children: ReactNode }) {
  return (
    <Paper
      component="section"
      aria-label="The organization in figures"
      aria-busy={isBusy}
      withBorder
      radius="lg"
      p="md"
      mb="lg"
    >
      {children}
    </Paper>
  )
}

function Failure({
  error,
  isOld,
  onRetry,
}: {
  error: Error
  /** Whether figures from before are still there to see. */
  isOld: boolean
  onRetry: () => void
}) {
  const { title, message } = inWords(error, {
    who: 'members',
    verb: 'see these figures',
    unchanged: isOld ? 'The figures below may be out of date.' : 'The list below is not affected.',
  })
  return (
    <Alert color="red" role="alert" title={`No figures: ${title}`} {...(isOld && { mb: 'md' })}>
      <Group justify="space-between" gap="xs">
        <Text size="sm">{message}</Text>
        <Button size="xs" variant="default" onClick={onRetry}>
          Count again
        </Button>
      </Group>
    </Alert>
  )
}
