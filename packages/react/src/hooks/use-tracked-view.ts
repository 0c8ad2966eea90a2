import { useCallback, useEffect, useLayoutEffect, useRef, useSyncExternalStore } from 'react'

/** React 18 warns of layout effects on a server, where none runs anyway. */
export const useIsomorphicLayoutEffect = typeof window === 'undefined' ? useEffect : useLayoutEffect

/** What one render has read. */
class Rendering<View extends object> {
  readonly fields = new Set<keyof View>()
  readonly read: () => View
  view: View | undefined

  constructor(read: () => View) {
    this.read = read
  }

  field(field: keyof View): View[keyof View] {
    this.fields.add(field)
    this.view ??= this.read()
    return this.view[field]
  }
}

/** One object of several, getters and all, so that a field that nobody reads is not computed. Later ones win. */
export function joinLazily<Left extends object, Right extends object>(
  left: Left,
  right: Right,
): Left & Right {
  return Object.defineProperties(left, Object.getOwnPropertyDescriptors(right)) as Left & Right
}

/**
 * A view of something outside of React, read field by field. The component renders again when a field changes that its
 * last render has read, and for nothing else.
 *
 * @param read computes the view from what this render knows and from the outside as it is when called
 * @param unknown a view that names all fields
 */
export function useTrackedView<View extends object>(
  subscribe: (listener: () => void) => () => void,
  read: () => View,
  unknown: View,
): View {
  const committed = useRef<Rendering<View> | undefined>(undefined)
  const version = useRef(0)
  // A number that grows when a field that is on the screen has changed: what a render reads is known only after it,
  // too late for a snapshot of the fields themselves.
  const getVersion = useCallback(() => {
    const rendering = committed.current
    if (!rendering?.view) return version.current
    const shown = rendering.view
    const next = rendering.read()
    for (const field of rendering.fields) {
      if (Object.is(next[field], shown[field])) continue
      rendering.view = next
      version.current += 1
      break
    }
    return version.current
  }, [])
  useSyncExternalStore(subscribe, getVersion, getVersion)
  const rendering = new Rendering(read)
  useIsomorphicLayoutEffect(() => {
    committed.current = rendering
  })
  const view = {}
  for (const field of Object.keys(unknown) as (keyof View)[]) {
    const get = () => rendering.field(field)
    Object.defineProperty(view, field, { get, enumerable: true, configurable: true })
  }
  return view as View
}
