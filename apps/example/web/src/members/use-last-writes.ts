import { useCallback, useState } from 'react'

/** What a write was about, so that its row can name it. */
export type WriteKind = 'role' | 'metadata' | 'removal'

/** The kind of the last write to each member, by user id, until the reader has been told how it went. */
export type LastWrites = ReadonlyMap<string, WriteKind>

/**
 * The hooks tell that the last write to a member failed, of whatever kind. The page keeps which kind it was, to say so
 * in its own words and at the control that it came from.
 */
export function useLastWrites(): {
  lastWrites: LastWrites
  began: (userId: string, kind: WriteKind) => void
  /** The reader has read why it failed, and left it at that. */
  dismiss: (userId: string) => void
} {
  const [lastWrites, setLastWrites] = useState<LastWrites>(new Map())
  const began = useCallback(
    (userId: string, kind: WriteKind) => setLastWrites((known) => new Map(known).set(userId, kind)),
    [],
  )
  const dismiss = useCallback(
    (userId: string) =>
      setLastWrites((known) => new Map([...known].filter(([other]) => other !== userId))),
    [],
  )
  return { lastWrites, began, dismiss }
}
