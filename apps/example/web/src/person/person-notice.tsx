import { Alert, Container } from '@mantine/core'
import type { DemoPerson } from '../app/demo.js'

/** Tells a plain member what to expect. The buttons stay: that the server refuses is what there is to see. */
export function PersonNotice({ you }: { you: DemoPerson }) {
  if (you.role === 'org:admin') return null
  return (
    <Container size="lg" pt="md">
      <Alert variant="default" title={`${you.name} is a plain member`}>
        You can look at everybody here. Changes are for admins: try one, and the server refuses it.
      </Alert>
    </Container>
  )
}
