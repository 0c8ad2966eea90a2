import { Alert, Button, Text } from '@mantine/core'
import { inWords } from '../app/error-in-words.js'

/** Why the list could not be loaded, above what there is of it. */
export function ListError({
  error,
  hasRows,
  onRetry,
}: {
  error: unknown
  hasRows: boolean
  onRetry: () => void
}) {
  const { title, message } = inWords(error, {
    who: 'members',
    verb: 'see who belongs to this organization',
    unchanged: hasRows ? 'What you see below may be out of date.' : '',
  })
  return (
    <Alert
      color="red"
      role="alert"
      title={title}
      mb="md"
      // In sight wherever in a long list the reader is.
      pos="sticky"
      top={8}
      style={{ zIndex: 2 }}
    >
      <Text size="sm">{message}</Text>
      <Button mt="sm" size="xs" variant="default" onClick={onRetry}>
        Load again
      </Button>
    </Alert>
  )
}
