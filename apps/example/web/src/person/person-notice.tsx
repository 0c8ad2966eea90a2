import { Text } from '@mantine/core'
import type { DemoPerson } from '../app/demo.js'

/**
 * Says what to expect as whom one is. A plain member's buttons stay: that the server refuses is what there is to see.
 * Everybody has a notice in the same place, so that the page does not move with the person.
 */
export function PersonNotice({ you }: { you: DemoPerson }) {
  const isAdmin = you.role === 'org:admin'
  return (
    <Text size="sm" lh="21px" fw={400} aria-live="polite" style={{ alignContent: 'center' }}>
      <Text span inherit fw={600}>
        {you.name} is {isAdmin ? 'an admin' : 'a plain member'}.
      </Text>{' '}
      {isAdmin ? 'All changes are allowed.' : 'Try a change: the server refuses it.'}
    </Text>
  )
}
