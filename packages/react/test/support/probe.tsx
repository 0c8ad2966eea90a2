import { type ReactNode, useLayoutEffect } from 'react'
import { type FrameOptions, render } from './frame.js'

export interface Probe<Value> {
  /** What the hooks returned in the render that was committed last. */
  readonly value: Value
  /** Each text that was committed, without repetitions in a row. */
  readonly frames: readonly string[]
  /** Commits so far, whatever they showed. */
  readonly commits: number
  rerender(): void
  unmount(): void
}

/**
 * Mounts a component that calls the hooks, shows a text made from what they return, and keeps a record of what was
 * committed.
 */
export function probe<Value>(
  useHooks: () => Value,
  show: (value: Value) => string,
  options: FrameOptions,
): Probe<Value> {
  const frames: string[] = []
  let commits = 0
  let latest: { value: Value } | undefined
  function Shown(): ReactNode {
    const value = useHooks()
    const text = show(value)
    useLayoutEffect(() => {
      latest = { value }
      commits += 1
      if (frames.at(-1) !== text) frames.push(text)
    })
    return text
  }
  const result = render(<Shown />, options)
  return {
    get value() {
      if (!latest) throw new Error('Nothing has been committed yet.')
      return latest.value
    },
    frames,
    get commits() {
      return commits
    },
    rerender: result.rerender,
    unmount: result.unmount,
  }
}
