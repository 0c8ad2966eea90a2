import { Flex, SegmentedControl, Text } from '@mantine/core'
import { useState } from 'react'
import { type Condition, setCondition } from '../app/demo.js'
import { inWords } from '../app/error-in-words.js'
import { tell } from './tell.js'

const choices: { value: Condition; label: string }[] = [
  { value: 'fair', label: 'answers at once' },
  { value: 'slow', label: 'is slow' },
  { value: 'failing', label: 'fails changes' },
]

/** Makes the emulator slow or failing, to see what the page does then. */
export function ConditionPicker({ initial }: { initial: Condition }) {
  const [condition, setShown] = useState(initial)

  const choose = async (next: Condition) => {
    setShown(next)
    try {
      await setCondition(next)
    } catch (error) {
      setShown(condition)
      tell(inWords(error, { verb: 'change this', unchanged: 'The emulator is as it was.' }))
    }
  }

  return (
    <Flex
      columnGap="xs"
      rowGap={4}
      align={{ base: 'stretch', sm: 'center' }}
      direction={{ base: 'column', sm: 'row' }}
      style={{ flexShrink: 0 }}
    >
      <Text size="sm" c="dimmed" id="condition">
        The emulator
      </Text>
      <SegmentedControl
        size="xs"
        aria-labelledby="condition"
        value={condition}
        onChange={(value) => {
          const choice = choices.find((known) => known.value === value)
          if (choice !== undefined) void choose(choice.value)
        }}
        data={choices}
      />
    </Flex>
  )
}
