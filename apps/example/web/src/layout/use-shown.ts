import { useCallback, useEffect, useRef } from 'react'

/** Tells, when something has ended that took a while, whether the component that began it is still there. */
export function useShown(): () => boolean {
  const isShown = useRef(true)
  useEffect(() => {
    isShown.current = true
    return () => {
      isShown.current = false
    }
  }, [])
  return useCallback(() => isShown.current, [])
}
