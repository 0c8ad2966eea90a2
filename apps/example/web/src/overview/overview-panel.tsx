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
import { inHours, joinsInWords } from './figures-in-words.js'
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
  const countAgain = () => void mutate()

  if (overview === undefined) {
    if (error === undefined) return <OverviewSkeleton />
    return (
      <Frame>
        <Columns
          roles={<Text c="dimmed">–</Text>}
          caption={null}
          joins={<NoFigures error={error} onRetry={countAgain} />}
        />
      </Frame>
    )
  }
  return (
    <Frame>
      <Columns
        roles={<RoleFigures overview={overview} />}
        caption={
          error !== undefined ? (
            <OldFigures why={`${inWords(error, attempt).title}.`} onRetry={countAgain} />
          ) : overview.uncheckedSince !== null ? (
            <OldFigures
              why={`Nobody could count since ${inHours(overview.uncheckedSince)}.`}
              onRetry={countAgain}
            />
          ) : (
            <Text size="sm" lh="22px" c="dimmed">
              {joinsInWords(overview)}
            </Text>
          )
        }
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

/** The panel's shape while the figures are on the way. */
export function OverviewSkeleton() {
  return (
    <Frame isBusy>
      <VisuallyHidden role="status">Loading the figures</VisuallyHidden>
      <Columns
        roles={
          <SimpleGrid cols={roleColumns} spacing="md">
            <Skeleton h={34} />
            <Skeleton h={34} />
          </SimpleGrid>
        }
        caption={<Skeleton h={12} w={260} maw="100%" mt={5} />}
        joins={<Skeleton h={drawingHeight} />}
      />
    </Frame>
  )
}

const loadChart = () => import('./joins-chart.js')

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

const attempt = { who: 'members', verb: 'see these figures', unchanged: '' } as const

/** In the place of the picture, where there is nothing to draw. */
function NoFigures({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const { title, message } = inWords(error, attempt)
  return (
    <Alert color="red" role="alert" title={`No figures: ${title}`}>
      <Group justify="space-between" gap="xs">
        <Text size="sm">{message}</Text>
        <Button size="xs" variant="default" onClick={onRetry}>
          Count again
        </Button>
      </Group>
    </Alert>
  )
}

/** In the place of the caption, so that nothing moves while figures from before are still there to see. */
function OldFigures({ why, onRetry }: { why: string; onRetry: () => void }) {
  return (
    <Group gap="xs" role="alert">
      <Text size="sm" lh="22px" c="var(--mantine-color-error)">
        May be out of date. {why}
      </Text>
      <Button size="compact-xs" variant="default" onClick={onRetry}>
        Count again
      </Button>
    </Group>
  )
}

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
