import { useCallback, useEffect, useRef, useState } from 'react'

/**
 * At most one open dialog. When it closes, the focus goes back to where it was, so that a reader with a keyboard goes
 * on from there and not from the top of the page.
 */
export function useDialog<Dialog>(): {
  dialog: Dialog | null
  open: (dialog: Dialog) => void
  /** Closes it. `focusNext`: where the focus goes if the opener will not be there any more. */
  close: (focusNext?: HTMLElement | null) => void
} {
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const opener = useRef<HTMLElement | null>(null)

  const open = useCallback((next: Dialog) => {
    opener.current = document.activeElement instanceof HTMLElement ? document.activeElement : null
    setDialog(next)
  }, [])
  const close = useCallback((focusNext?: HTMLElement | null) => {
    if (focusNext) opener.current = focusNext
    setDialog(null)
  }, [])

  useEffect(() => {
    if (dialog !== null || opener.current === null) return
    // Without scrolling: the row may have moved, or be gone.
    opener.current.focus({ preventScroll: true })
    opener.current = null
  }, [dialog])

  return { dialog, open, close }
}
