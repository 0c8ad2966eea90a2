import { useEffect } from 'react'

/** Lets the browser ask before the page is left or loaded anew, as long as that would lose something. */
export function useLeaveWarning(isUnsaved: boolean): void {
  useEffect(() => {
    // Not for longer than needed: a page with such a listener is not kept for the back button.
    if (!isUnsaved) return undefined
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [isUnsaved])
}
