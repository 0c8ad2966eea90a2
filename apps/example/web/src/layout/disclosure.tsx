import { useMediaQuery } from '@mantine/hooks'
import type { ReactNode } from 'react'
import classes from './disclosure.module.css'

/** Open where there is room; on a narrow screen behind its title, so that what comes next is in sight. */
export function Disclosure({
  title,
  isTitleShown = false,
  children,
}: {
  title: ReactNode
  /** Whether there is a title where there is room, too. */
  isTitleShown?: boolean
  children: ReactNode
}) {
  const isWide = useMediaQuery('(min-width: 48em)', true, { getInitialValueInEffect: false })
  if (isWide) {
    return (
      <>
        {isTitleShown && title}
        {children}
      </>
    )
  }
  return (
    <details className={classes.details}>
      <summary className={classes.summary}>{title}</summary>
      {children}
    </details>
  )
}
