import { Anchor, Text } from '@mantine/core'
import { useURLState, writeURLState } from '../app/url-state.js'
import type { DemoPerson } from '../app/demo.js'

/**
 * Says what to expect as whom one is, and lets a plain member try what only admins may. Everybody has a notice in the
 * same place, so that the page does not move with the person.
 */
export function PersonNotice({ you }: { you: DemoPerson }) {
  const triesAnyway = useURLState('anyway') !== ''
  return (
    <Text size="sm" lh="21px" fw={400} aria-live="polite" style={{ alignContent: 'center' }}>
      <Text span inherit fw={600}>
        {you.name} is {you.role === 'org:admin' ? 'an admin' : 'a plain member'}.
      </Text>{' '}
      {you.role === 'org:admin' ? (
        'All changes are allowed.'
      ) : triesAnyway ? (
        'Try a change: the server refuses it.'
      ) : (
        <>
          Changes are for admins.{' '}
          <Anchor
            component="button"
            inherit
            underline="always"
            onClick={() => writeURLState({ anyway: '1' })}
          >
            Try anyway
          </Anchor>
        </>
      )}
    </Text>
  )
}
