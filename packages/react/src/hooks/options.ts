import { isOrganizationMembershipsError } from '@org-memberships/core'
import type { SWRConfiguration } from 'swr'
import type { SWRInfiniteConfiguration } from 'swr/infinite'
import type { PageKey } from '../keys.js'
import { isAbandoned } from '../request-scopes.js'
import type { MembershipsStore } from '../store.js'
import { cacheKeyOf, type ListData } from '../swr-cache.js'
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
  keepPreviousData?: boolean
  /**
   * What this list does after writes that do not say.
   *
   * @default true; 'auto' for infinite lists
   */
  revalidateOnWrite?: RevalidateMode
}

export interface InfiniteListOptions<Data>
  extends
    ListOptions<Data>,
    Pick<
      SWRInfiniteConfiguration,
      'initialSize' | 'parallel' | 'persistSize' | 'revalidateAll' | 'revalidateFirstPage'
    > {}

/** What `<SWRConfig>` says, with SWR's defaults. */
export type InheritedOptions = Required<
  Pick<SWRConfiguration, 'onError' | 'isPaused' | 'shouldRetryOnError'>
> &
  Pick<SWRConfiguration, 'keepPreviousData' | 'fallback'>

/** The options as SWR is to have them. What was aborted because nobody shows it is not an error of the app. */
export function toSWRConfiguration<Data>(
  listOptions: ListOptions<Data>,
  inherited: InheritedOptions,
  store: { readonly isPaused: boolean },
): SWRConfiguration<Data, Error> {
  const { keepPreviousData: _, revalidateOnWrite: __, ...options } = listOptions
  const onError = options.onError ?? inherited.onError
  const isPaused = options.isPaused ?? inherited.isPaused
  const retries = options.shouldRetryOnError ?? inherited.shouldRetryOnError
  return {
    ...options,
    keepPreviousData: false,
    compare: isSameData,
    isPaused: () => store.isPaused || isPaused(),
    onError: (error, key, config) => {
      if (!isAbandoned(error)) onError(error, key, config as never)
    },
    shouldRetryOnError: (error) => {
      if (isAbandoned(error)) return false
      if (typeof retries === 'function') return retries(error)
      // The client has already retried what is worth it, and said no to the rest; `true` is also SWR's default.
      return (
        retries && (options.shouldRetryOnError === true || !isOrganizationMembershipsError(error))
      )
    },
  }
}

/** What a list shows while SWR's cache has nothing: its seed, or what `<SWRConfig fallback>` has for its key. */
export function fallbackOf<Data extends ListData>(
  key: PageKey,
  store: MembershipsStore,
  { fallback }: InheritedOptions,
): Data | undefined {
  const data: unknown = store.given.seededData(key) ?? fallback?.[cacheKeyOf(key)]
  // SWR waits for a promise by itself.
  return data instanceof Promise ? undefined : (data as Data | undefined)
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
