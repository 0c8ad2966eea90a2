import { Box, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Words } from '../app/error-in-words.js'
import { Refusal } from './refusal.js'

/** The end of a dialog: a refusal and the buttons, in sight however long the rest is and wherever it is scrolled. */
export function DialogFooter({
  refusal = null,
  children,
}: {
  refusal?: Words | null
  children: ReactNode
}) {
  return (
    <Box
      pos="sticky"
      bottom={0}
      pt="md"
      pb="md"
      // Over the padding of the dialog's body: else the text below would show there.
      mb="calc(var(--mantine-spacing-md) * -1)"
      bg="var(--mantine-color-body)"
      style={{ zIndex: 1 }}
    >
      <Refusal words={refusal} mb="md" />
      <Group justify="flex-end">{children}</Group>
    </Box>
  )
}
