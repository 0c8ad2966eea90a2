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
import { inWords } from '../app/error-in-words.js'
import type { GetToken } from '../app/session.js'
import { Disclosure } from '../layout/disclosure.js'
import { inHours, joinsInWords } from './figures-in-words.js'
import { JoinsChart } from './joins-chart.js'
import { Columns, drawingHeight, roleColumns, RoleFigures } from './overview-columns.js'
import { useOverview } from './use-overview.js'

/**
 * The organization in figures: who has which role, and when they joined. It keeps its height while it loads, and
 * whatever becomes of it, the list below does not depend on it.
 */
export function OverviewPanel({ getToken }: { getToken: GetToken }) {
  const { data: overview, error, mutate } = useOverview(getToken)
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
        joins={<JoinsChart overview={overview} />}
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

function Frame({ isBusy = false, children }: { isBusy?: boolean; children: ReactNode }) {
  return (
    <Paper
      component="section"
      aria-label="The organization in figures"
      aria-busy={isBusy}
      withBorder
      radius="lg"
      p={{ base: 'sm', sm: 'md' }}
      mb={{ base: 'md', sm: 'lg' }}
    >
      <Disclosure title="Roles, and when members joined">{children}</Disclosure>
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
