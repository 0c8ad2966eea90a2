import { Box, Container, Flex } from '@mantine/core'
import type { Demo, DemoPerson } from '../app/demo.js'
import { ConditionPicker } from '../layout/condition-picker.js'
import { PersonNotice } from './person-notice.js'

/** What is the demo's own, above the list that it has an effect on. */
export function DemoBar({ demo, you }: { demo: Demo; you: DemoPerson }) {
  return (
    <Box
      component="section"
      aria-label="About this demo"
      bg="var(--mantine-color-default-hover)"
      style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
    >
      <Container size="lg" py={6}>
        <Flex
          direction={{ base: 'column', md: 'row' }}
          align={{ base: 'stretch', md: 'center' }}
          justify="space-between"
          columnGap="lg"
          rowGap={4}
        >
          <PersonNotice you={you} />
          {demo.condition !== null && <ConditionPicker initial={demo.condition} />}
        </Flex>
      </Container>
    </Box>
  )
}
