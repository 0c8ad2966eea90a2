import { useSyncExternalStore } from 'react'

// Told to the page when it changes its own address; the browser's back button tells `popstate`.
const changed = 'url-state'

/** A value that lives in the page's address, so that a reload, a link and the back button keep it; `''` if absent. */
export function useURLState(name: string): string {
  return useSyncExternalStore(subscribe, () => new URLSearchParams(location.search).get(name) ?? '')
}

/**
 * Writes values into the address in one step of the history. An empty text takes the value out.
 *
 * @param history `replace` for what changes with each key, so that the back button does not go letter by letter
 */
export function writeURLState(
  values: { [name: string]: string },
  history: 'push' | 'replace' = 'push',
): void {
  const search = new URLSearchParams(location.search)
  for (const [name, value] of Object.entries(values)) {
    if (value === '') search.delete(name)
    else search.set(name, value)
  }
  const next = search.size === 0 ? location.pathname : `${location.pathname}?${search}`
  if (next !== location.pathname + location.search) goTo(next, history)
}

/** Goes to an address of this page without loading it anew. */
export function goTo(address: string, history: 'push' | 'replace'): void {
  if (history === 'push') globalThis.history.pushState(null, '', address)
  else globalThis.history.replaceState(null, '', address)
  dispatchEvent(new Event(changed))
}

function subscribe(notify: () => void): () => void {
  addEventListener('popstate', notify)
  addEventListener(changed, notify)
  return () => {
    removeEventListener('popstate', notify)
    removeEventListener(changed, notify)
  }
}
