import {
  isConnectionError,
  isOrganizationMembershipsError,
  isTimeoutError,
} from '@org-memberships/core'
import { type SWRConfiguration, useSWRConfig } from 'swr'
import type { SWRInfiniteConfiguration } from 'swr/infinite'
import type { PageKey } from '../pages/keys.js'
import { isAbandoned } from '../pages/requests.js'
import type { MembershipsStore } from '../store.js'
import { cacheKeyOf, type ListData } from '../pages/swr.js'
import type { RevalidateMode } from '../types.js'

type PassedToSWR =
  | 'dedupingInterval'
  | 'errorRetryCount'
  | 'errorRetryInterval'
  | 'focusThrottleInterval'
  | 'isPaused'
  | 'loadingTimeout'
  | 'onError'
  | 'onErrorRetry'
  | 'onLoadingSlow'
  | 'onSuccess'
  | 'refreshInterval'
  | 'refreshWhenHidden'
  | 'refreshWhenOffline'
  | 'revalidateIfStale'
  | 'revalidateOnFocus'
  | 'revalidateOnMount'
  | 'revalidateOnReconnect'
  | 'shouldRetryOnError'
  | 'suspense'
  | 'use'

/** SWR's own options, with SWR's meanings and defaults, and what the hooks add. */
export interface ListOptions<Data> extends Pick<SWRConfiguration<Data, Error>, PassedToSWR> {
  /** Show what was last shown while a new query of the same organization loads. @default false */
  keepPreviousData?: boolean | undefined
  /**
   * What this list does after writes that do not say.
   *
   * @default true; 'auto' for infinite lists
   */
  revalidateOnWrite?: RevalidateMode | undefined
}

export interface InfiniteListOptions<Data>
  extends
    ListOptions<Data>,
    Pick<
      SWRInfiniteConfiguration,
      'initialSize' | 'parallel' | 'persistSize' | 'revalidateAll' | 'revalidateFirstPage'
    > {}

/** What a list is to do, with all that says so taken together: its options, `<SWRConfig>`, and its seed. */
export interface ListSettings<Data> {
  readonly keepPreviousData: boolean
  readonly revalidateOnWrite: RevalidateMode
  readonly isSuspending: boolean
  /** What is shown while SWR's cache has nothing. */
  readonly fallbackData: Data | undefined
  /** The options as SWR is to have them. */
  readonly swr: SWRConfiguration<Data, Error>
}

export function useListSettings<Data extends ListData>(
  store: MembershipsStore,
  key: PageKey | null,
  { keepPreviousData, revalidateOnWrite, ...options }: ListOptions<Data>,
  defaultMode: RevalidateMode,
): ListSettings<Data> {
  const inherited = useSWRConfig()
  store.lookAt(inherited.cache, inherited.mutate)
  const given: unknown =
    key && (store.given.seededData(key) ?? inherited.fallback?.[cacheKeyOf(key)])
  // SWR waits for a promise by itself.
  const fallbackData =
    given instanceof Promise ? undefined : ((given ?? undefined) as Data | undefined)
  const isSuspending = options.suspense ?? inherited.suspense ?? false
  if (key && isSuspending && fallbackData === undefined) store.suspend(key, inherited.cache)
  const onError = options.onError ?? inherited.onError
  const isPaused = options.isPaused ?? inherited.isPaused
  const retries = options.shouldRetryOnError ?? inherited.shouldRetryOnError
  return {
    keepPreviousData: keepPreviousData ?? inherited.keepPreviousData ?? false,
    revalidateOnWrite: revalidateOnWrite ?? defaultMode,
    isSuspending,
    fallbackData,
    swr: {
      ...(key &&
        store.given.isFresh(key, inherited.cache.get(cacheKeyOf(key))?.data) && {
          revalidateOnMount: false,
        }),
      ...options,
      fallbackData,
      keepPreviousData: false,
      compare: isSameData,
      isPaused: () => store.caches.isPaused || isPaused(),
      // What was aborted because nobody shows it is not an error of the app.
      onError: (error, id, config) => {
        if (!isAbandoned(error)) onError(error, id, config as never)
      },
      shouldRetryOnError: (error) => {
        if (isAbandoned(error)) return false
        if (typeof retries === 'function') return retries(error)
        // `true` is also SWR's default, so only the hook's own option asks for more.
        return retries && (options.shouldRetryOnError === true || !isAnswered(error))
      },
    },
  }
}

/** The API has answered, or the arguments are wrong: the next answer is the same. A lost connection is not. */
function isAnswered(error: unknown): boolean {
  return (
    isOrganizationMembershipsError(error) && !isConnectionError(error) && !isTimeoutError(error)
  )
}

/** Pages keep their object while they are equal, so identity is enough. An infinite list is an array of pages. */
export function isSameData(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true
  return (
    Array.isArray(left) &&
    Array.isArray(right) &&
    left.length === right.length &&
    left.every((page, index) => Object.is(page, right[index]))
  )
}
