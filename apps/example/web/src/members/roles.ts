/** The roles of the demo organization. An app with roles of its own lists them here. */
export const roles = [
  { value: 'org:admin', label: 'Admin' },
  { value: 'org:member', label: 'Member' },
] as const

export function roleLabel(role: string): string {
  return roles.find(({ value }) => value === role)?.label ?? role
}
