import { useCallback, useState } from 'react'

/** What a write was about, so that its row can name it. */
export type WriteKind = 'role' | 'metadata' | 'removal'

/** The kind of the write that failed last, by user id, until the next write to that member or until it was read. */
export type FailedWrites = ReadonlyMap<string, WriteKind>

/**
 * The hooks tell that a write to a member failed, of whatever kind. The page keeps which kind it was, to say so in its
 * own words and at the control that it came from: of two changes of one row, the first may fail and the second not.
 */
export function useFailedWrites(): {
  failedWrites: FailedWrites
  /** Does it, and keeps whether it failed. */
  track: <Result>(userId: string, kind: WriteKind, write: () => Promise<Result>) => Promise<Result>
  /** The reader has read why it failed, and left it at that. */
  dismiss: (userId: string) => void
} {
  const [failedWrites, setFailedWrites] = useState<FailedWrites>(new Map())
  const dismiss = useCallback(
    (userId: string) =>
      setFailedWrites((known) => {
        if (!known.has(userId)) return known
        return new Map([...known].filter(([other]) => other !== userId))
      }),
    [],
  )
  const track = useCallback(
    async <Result>(userId: string, kind: WriteKind, write: () => Promise<Result>) => {
      dismiss(userId)
      try {
        return await write()
      } catch (error) {
        setFailedWrites((known) => new Map(known).set(userId, kind))
        throw error
      }
    },
    [dismiss],
  )
  return { failedWrites, track, dismiss }
}
