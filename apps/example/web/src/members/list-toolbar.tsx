import { Box, CloseButton, Flex, NativeSelect, SegmentedControl, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import { SearchIcon } from '../layout/icons.js'
import { type ListState, orders, showList } from './list-state.js'
import { roles } from './roles.js'

/** Search, role filter and order of the list. */
export function ListToolbar({ state }: { state: ListState }) {
  // What is typed shows at once; the list follows after a pause.
  const [typed, setTyped] = useState(state.search)
  const asked = useRef(state.search)
  const search = useDebouncedCallback((text: string) => {
    asked.current = text.trim()
    showList({ search: asked.current })
  }, 250)
  useEffect(() => {
    // The address changed by other means: the back button, or "Show everybody".
    if (state.search === asked.current) return
    asked.current = state.search
    setTyped(state.search)
  }, [state.search])
  const type = (text: string) => {
    setTyped(text)
    search(text)
  }

  return (
    <Flex gap={{ base: 'xs', sm: 'sm' }} mb="md" wrap="wrap" role="search">
      <TextInput
        aria-label="Search members"
        placeholder="Search by name or email"
        leftSection={<SearchIcon />}
        rightSection={
          typed !== '' && (
            <CloseButton size="sm" aria-label="Clear the search" onClick={() => type('')} />
          )
        }
        value={typed}
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') type('')
        }}
        flex={{ base: '1 1 100%', sm: '1 1 auto' }}
      />
      <Box flex={{ base: '1 1 0', sm: '0 0 150px' }}>
        <NativeSelect
          aria-label="Show roles"
          value={state.role}
          onChange={(event) => showList({ role: event.currentTarget.value })}
          data={[{ value: '', label: 'All roles' }, ...roles]}
        />
      </Box>
      <Box flex={{ base: '1 1 0', sm: '0 0 190px' }}>
        <NativeSelect
          aria-label="Sort by"
          value={state.order}
          onChange={(event) => {
            const order = orders.find(({ value }) => value === event.currentTarget.value)
            if (order !== undefined) showList({ order: order.value })
          }}
          data={orders}
        />
      </Box>
      <SegmentedControl
        aria-label="Layout"
        flex={{ base: '1 1 100%', sm: '0 0 auto' }}
        value={state.view}
        onChange={(view) => showList({ view: view === 'scroll' ? 'scroll' : 'pages' })}
        data={[
          { value: 'pages', label: 'Pages' },
          { value: 'scroll', label: 'One list' },
        ]}
      />
    </Flex>
  )
}
