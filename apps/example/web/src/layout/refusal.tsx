import { Alert, type AlertProps } from '@mantine/core'
import type { Words } from '../app/error-in-words.js'

/** In a dialog: why what was asked for did not happen. The dialog stays, with everything that was typed. */
export function Refusal({ words, ...props }: { words: Words | null } & Pick<AlertProps, 'mb'>) {
  if (words === null) return null
  return (
    <Alert color="red" role="alert" title={words.title} {...props}>
      {words.message}
    </Alert>
  )
}
