import { Box, Container, Flex } from '@mantine/core'
import type { Demo, DemoPerson } from '../app/demo.js'
import { ConditionPicker } from '../layout/condition-picker.js'
import { Disclosure } from '../layout/disclosure.js'
import { PersonNotice } from './person-notice.js'
import { PersonSwitch } from './person-switch.js'

/** What is the demo's own: who the reader is, and how well the emulator works. */
export function DemoBar({
  demo,
  you,
  onChange,
}: {
  demo: Demo
  you: DemoPerson
  onChange: (person: DemoPerson) => void
}) {
  return (
    <Box
      component="section"
      aria-label="About this demo"
      bg="var(--mantine-color-default-hover)"
      style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
    >
      <Container size="lg" py={6}>
        <Flex justify="space-between" align="center" columnGap="lg" rowGap={6} wrap="wrap">
          <Disclosure title={<PersonNotice you={you} />} isTitleShown>
            <Flex
              direction={{ base: 'column', sm: 'row' }}
              align={{ base: 'stretch', sm: 'center' }}
              columnGap="lg"
              rowGap="xs"
              wrap="wrap"
              pb={{ base: 6, sm: 0 }}
            >
              <PersonSwitch people={demo.people} you={you} onChange={onChange} />
              {demo.condition !== null && <ConditionPicker initial={demo.condition} />}
            </Flex>
          </Disclosure>
        </Flex>
      </Container>
    </Box>
  )
}
