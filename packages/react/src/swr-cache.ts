import type { OrganizationMembershipPage } from '@org-memberships/core'
import { type Cache, type State, unstable_serialize as serialize } from 'swr'
import { unstable_serialize as serializeInfinite } from 'swr/infinite'
import { keyString, type PageKey, pageKeyAt } from './keys.js'

/** What SWR's cache holds for a list: a page, or the pages of an infinite one. */
export type ListData = OrganizationMembershipPage | OrganizationMembershipPage[]

export function cachedPage(
  cache: Cache | undefined,
  key: PageKey,
): OrganizationMembershipPage | undefined {
  return cache?.get(serialize(key))?.data as OrganizationMembershipPage | undefined
}

/** Where SWR's cache holds the data of the list that a key begins. */
export function cacheKeyOf(key: PageKey): string {
  return key[2] === 'page' ? serialize(key) : serializeInfinite(() => key)
}

/**
 * What a list shows before anything is fetched, put where fetched pages are: they count for the log, and an infinite
 * list grows from them. SWR is not told, for it shows them already.
 */
export function keepFallback(cache: Cache, key: PageKey, data: ListData): void {
  const put = (id: string, value: ListData, name: unknown) => {
    const entry = cache.get(id)
    if (entry?.data === undefined) cache.set(id, { _k: name, ...entry, data: value } as State)
  }
  put(cacheKeyOf(key), data, key)
  if (!Array.isArray(data)) return
  for (const [index, page] of data.entries()) {
    const pageKey = pageKeyAt(key, index)
    put(serialize(pageKey), page, pageKey)
  }
}

/** The list whose leaving makes a request pointless: the page itself, or the infinite list that it is part of. */
export function scopeKeyOf(key: PageKey): PageKey {
  return key[2] === 'page' ? key : pageKeyAt(key, 0)
}

export function scopeOf(key: PageKey): string {
  return keyString(scopeKeyOf(key))
}

/** SWR writes an array key as its items in order, each with a comma, so a shorter array is a prefix. */
export function keysOf(cache: Cache, prefix: readonly string[]): string[] {
  const start = serialize([...prefix] as [string, ...string[]])
  return [...cache.keys()].filter((key) => key.replace(/^\$inf\$/, '').startsWith(start))
}
