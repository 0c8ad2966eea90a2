import type { ReactNode } from 'react'

// Drawn here: a dozen icons are not worth a package of five thousand. They say nothing that a label does not, so
// screen readers pass over them.

function Icon({ children, size = 18 }: { children: ReactNode; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  )
}

export function PlusIcon() {
  return (
    <Icon>
      <path d="M12 5v14M5 12h14" />
    </Icon>
  )
}

export function SearchIcon() {
  return (
    <Icon size={16}>
      <circle cx="11" cy="11" r="6.5" />
      <path d="m16 16 4.5 4.5" />
    </Icon>
  )
}

export function BracesIcon() {
  return (
    <Icon>
      <path d="M9 4c-2.5 0-3 1-3 3v2.5C6 11 5.3 12 4 12c1.3 0 2 1 2 2.5V17c0 2 .5 3 3 3" />
      <path d="M15 4c2.5 0 3 1 3 3v2.5C18 11 18.7 12 20 12c-1.3 0-2 1-2 2.5V17c0 2-.5 3-3 3" />
    </Icon>
  )
}

export function RemoveIcon() {
  return (
    <Icon>
      <circle cx="10" cy="8" r="3.5" />
      <path d="M4 20c.4-3.6 2.8-5.5 6-5.5 1.2 0 2.3.3 3.2.8M16 18h5" />
    </Icon>
  )
}

export function SunIcon() {
  return (
    <Icon>
      <circle cx="12" cy="12" r="4" />
      <path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M18.4 5.6l-1.1 1.1M6.7 17.3l-1.1 1.1" />
    </Icon>
  )
}

export function MoonIcon() {
  return (
    <Icon>
      <path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z" />
    </Icon>
  )
}

export function GlobeMark() {
  return (
    <Icon size={22}>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 3.5c-4.2 5-4.2 12 0 17M12 3.5c4.2 5 4.2 12 0 17M3.5 12h17" />
    </Icon>
  )
}
