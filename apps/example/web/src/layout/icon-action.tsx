import { ActionIcon, type ActionIconProps, Tooltip } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { type ComponentPropsWithoutRef, useRef, useState } from 'react'

/**
 * A button that is an icon, and says in a tooltip what it does, to the pointer and to the keyboard. The tooltip is mounted
 * only while it is shown: a list has two for each row, and idle they took almost half of the time in which a row is drawn.
 */
export function IconAction({
  hint,
  ...props
}: { hint: string; 'aria-label': string } & ActionIconProps &
  Omit<ComponentPropsWithoutRef<'button'>, keyof ActionIconProps>) {
  const button = useRef<HTMLButtonElement>(null)
  const [isHinted, setHinted] = useState(false)
  // A pointer that only passes brings none.
  const [wasHinted] = useDebouncedValue(isHinted, 300)
  return (
    <>
      <ActionIcon
        {...props}
        ref={button}
        onMouseEnter={() => setHinted(true)}
        onMouseLeave={() => setHinted(false)}
        // Not for the focus that a click brings.
        onFocus={({ currentTarget }) => setHinted(currentTarget.matches(':focus-visible'))}
        onBlur={() => setHinted(false)}
      />
      {isHinted && wasHinted && <Tooltip opened target={button} label={hint} />}
    </>
  )
}
