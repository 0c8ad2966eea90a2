import type { OrganizationMembership } from '@org-memberships/core'

/** What to call a member: the name, else the address, else the id. */
export function memberName({ publicUserData, id }: OrganizationMembership): string {
  const name = [publicUserData?.firstName, publicUserData?.lastName]
    .map((part) => part?.trim())
    .filter(Boolean)
    .join(' ')
  return name || publicUserData?.identifier?.trim() || (publicUserData?.userId ?? id)
}

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The first letters of the first two words of a name, whatever one letter is in the script that it is written in. */
export function initialsOf(name: string): string {
  return name
    .split(/\s+/u)
    .slice(0, 2)
    .map((word) => letters.segment(word)[Symbol.iterator]().next().value?.segment ?? '')
    .join('')
    .toUpperCase()
}

export function memberUserId({ publicUserData }: OrganizationMembership): string {
  return publicUserData?.userId ?? ''
}

/** Title and team, as far as the metadata holds them. Metadata is the owners' own: nothing about it is certain. */
export function memberJob({ publicMetadata }: OrganizationMembership): {
  title: string | null
  team: string | null
} {
  const { title, team } = publicMetadata as { title?: unknown; team?: unknown }
  return { title: textOrNull(title), team: textOrNull(team) }
}

const dateFormat = new Intl.DateTimeFormat('en', { dateStyle: 'medium' })

export function memberSince({ createdAt }: OrganizationMembership): string {
  return dateFormat.format(createdAt)
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
