import type { ClerkProviderProps } from '@clerk/react/types'

/** Clerk's components in the page's colours, which know light from dark. */
export const clerkAppearance: ClerkProviderProps['appearance'] = {
  variables: {
    colorPrimary: 'var(--mantine-primary-color-filled)',
    colorPrimaryForeground: 'var(--mantine-color-white)',
    colorDanger: 'var(--mantine-color-error)',
    colorBackground: 'var(--mantine-color-body)',
    colorForeground: 'var(--mantine-color-text)',
    colorMutedForeground: 'var(--mantine-color-dimmed)',
    colorNeutral: 'var(--mantine-color-text)',
    colorInput: 'var(--mantine-color-default)',
    colorInputForeground: 'var(--mantine-color-text)',
    fontFamily: 'var(--mantine-font-family)',
    borderRadius: 'var(--mantine-radius-md)',
  },
}
