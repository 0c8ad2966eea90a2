import { isOrganizationMembershipsError } from '@org-memberships/core'
import type { SWRConfiguration } from 'swr'
import type { SWRInfiniteConfiguration } from 'swr/infinite'
import { RequestAbandonedError } from '../request-scopes.js'
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

/** The options as SWR is to have them. What was aborted because nobody shows it is not an error of the app. */
export function toSWRConfiguration<Data>(
  listOptions: ListOptions<Data>,
  inherited: { onError?: SWRConfiguration<Data, Error>['onError'] },
): SWRConfiguration<Data, Error> {
  const { keepPreviousData: _, revalidateOnWrite: __, ...options } = listOptions
  const onError = options.onError ?? inherited.onError
  return {
    shouldRetryOnError: isWorthRetrying,
    ...options,
    keepPreviousData: false,
    compare: isSameData,
    onError: (error, key, config) => {
      if (!isAbandoned(error)) onError?.(error, key, config as never)
    },
  }
}

export function isAbandoned(error: unknown): boolean {
  return error instanceof RequestAbandonedError
}

/** The client has already retried what is worth it, and said no to the rest. */
function isWorthRetrying(error: unknown): boolean {
  return !isAbandoned(error) && !isOrganizationMembershipsError(error)
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
