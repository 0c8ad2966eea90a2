import { Flex, Pagination, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { inNumbers } from '../overview/figures-in-words.js'

/** Rows of a page. */
export const pageSize = 25

/** Where in the list the reader is, and the way to the other pages. */
export function ListFooter({
  page,
  pageCount,
  rows,
  totalCount,
  onChange,
}: {
  page: number
  pageCount: number
  /** How many the page shows; `null` while it shows those of another page. */
  rows: number | null
  totalCount: number
  onChange: (page: number) => void
}) {
  const isNarrow = useMediaQuery('(max-width: 36em)', false, { getInitialValueInEffect: false })
  const first = (page - 1) * pageSize + 1
  return (
    <Flex
      mt="md"
      gap="sm"
      direction={{ base: 'column', sm: 'row' }}
      align="center"
      justify="space-between"
    >
      <Text size="sm" c="dimmed" aria-live="polite">
        {rows === null
          ? `Page ${inNumbers(page)} of ${inNumbers(pageCount)}`
          : `${inNumbers(first)}–${inNumbers(first + rows - 1)} of ${inNumbers(totalCount)}`}
      </Text>
      <Pagination
        total={pageCount}
        value={page}
        onChange={onChange}
        hideWithOnePage
        size={isNarrow ? 'sm' : 'md'}
        siblings={isNarrow ? 0 : 1}
        getControlProps={(control) => ({
          'aria-label': control === 'next' ? 'Next page' : 'Previous page',
        })}
        getItemProps={(number) => ({ 'aria-label': `Page ${number}` })}
      />
    </Flex>
  )
}
