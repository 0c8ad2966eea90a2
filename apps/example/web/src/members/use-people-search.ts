import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import type { GetToken } from '../app/session.js'
import { type FoundPerson, searchPeople } from './people.js'

export type PeopleSearch =
  | { state: 'idle' }
  | { state: 'searching' }
  | { state: 'found'; people: FoundPerson[] }
  | { state: 'failed'; error: unknown }

/** How many letters a search takes, so that nobody reads the whole directory by typing an `a`. */
export const shortestSearch = 3

/** Searches while the reader types: after a pause, and only for the newest text. */
export function usePeopleSearch(text: string, getToken: GetToken): PeopleSearch {
  const [wanted] = useDebouncedValue(text.trim(), 250)
  const [answer, setAnswer] = useState<{ to: string; search: PeopleSearch } | null>(null)

  useEffect(() => {
    if (wanted.length < shortestSearch) return undefined
    const abort = new AbortController()
    const settle = (search: PeopleSearch): void => {
      if (!abort.signal.aborted) setAnswer({ to: wanted, search })
    }
    searchPeople(wanted, getToken, abort.signal).then(
      (people) => settle({ state: 'found', people }),
      (error: unknown) => settle({ state: 'failed', error }),
    )
    return () => abort.abort()
  }, [wanted, getToken])

  if (wanted.length < shortestSearch) return { state: 'idle' }
  return answer?.to === wanted ? answer.search : { state: 'searching' }
}
