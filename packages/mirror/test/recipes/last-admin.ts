import { memberships } from './memberships.js'

export async function removeMember(organizationId: string, userId: string, actor: string) {
  await memberships.withOrganization(organizationId, async (organization) => {
    const admins = await organization.membersWithRole('org:admin')
    const others = admins.filter(({ publicUserData }) => publicUserData?.userId !== userId)
    if (others.length === 0) throw new Error('An organization needs an admin.')
    await organization.delete({ userId }, { actor })
  })
}
