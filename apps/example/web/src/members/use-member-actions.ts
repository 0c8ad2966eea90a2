import type { MetadataPatch, OrganizationMembership, PublicMetadata } from '@org-memberships/core'
import {
  useCreateOrganizationMembership,
  useDeleteOrganizationMembership,
  useUpdateOrganizationMembership,
  useUpdateOrganizationMembershipMetadata,
} from '@org-memberships/react'
import { useMemo } from 'react'
import { useLeaveWarning } from '../layout/use-leave-warning.js'
import { useRefreshOverview } from '../overview/use-overview.js'
import { memberName, memberUserId } from './member-name.js'
import type { FoundPerson } from './people.js'
import { roleLabel } from './roles.js'
import { take, takeAndTell } from './step.js'
import type { useFailedWrites } from './use-failed-writes.js'

/**
 * The four writes, each with what the reader is told afterwards. The list shows a change at once and takes it back if
 * the server refuses; nothing here has to touch the list.
 *
 * `add` and `editMetadata` are asked for in a dialog, which shows what went wrong: they resolve with the words for it,
 * or with `null` when it went well. `changeRole` and `remove` tell it in a corner of the page.
 */
export function useMemberActions(
  organizationId: string,
  track: ReturnType<typeof useFailedWrites>['track'],
) {
  const creation = useCreateOrganizationMembership(organizationId)
  const roleChange = useUpdateOrganizationMembership(organizationId)
  const metadataChange = useUpdateOrganizationMembershipMetadata(organizationId)
  const removal = useDeleteOrganizationMembership(organizationId)
  const writes = [creation, roleChange, metadataChange, removal]
  // What the list shows at once looks done, but a change that has not arrived is gone with the page.
  useLeaveWarning(writes.some(({ isMutating }) => isMutating))

  const { trigger: create } = creation
  const { trigger: update } = roleChange
  const { trigger: updateMetadata } = metadataChange
  const { trigger: remove } = removal

  // The lists follow by themselves; the figures are no list, so they are asked for again once a change has ended.
  const refresh = useRefreshOverview()

  // Triggers keep their identity, so these do as well, and rows that did not change need not render.
  return useMemo(
    () => ({
      add: (candidate: FoundPerson, role: string) =>
        take({
          act: () =>
            create({
              userId: candidate.userId,
              role,
              // What the list shows of them until the server has answered.
              publicUserData: { firstName: candidate.name, identifier: candidate.emailAddress },
            }).finally(refresh),
          done: `${candidate.name} is now ${role === 'org:admin' ? 'an admin' : 'a member'}.`,
          verb: 'add members',
          unchanged: `${candidate.name} was not added.`,
        }),
      changeRole: (membership: OrganizationMembership, role: string) =>
        takeAndTell({
          act: () =>
            track(memberUserId(membership), 'role', () =>
              update({ userId: memberUserId(membership), role }).finally(refresh),
            ),
          done: `${memberName(membership)} has the role ${roleLabel(role)} now.`,
          verb: 'change roles',
          unchanged: `${memberName(membership)} still has the role ${roleLabel(membership.role)}.`,
        }),
      editMetadata: (membership: OrganizationMembership, patch: MetadataPatch<PublicMetadata>) =>
        take({
          act: () =>
            track(memberUserId(membership), 'metadata', () =>
              updateMetadata({ userId: memberUserId(membership), publicMetadata: patch }),
            ),
          done: `The metadata of ${memberName(membership)} is saved.`,
          verb: 'edit metadata',
          unchanged: `The metadata of ${memberName(membership)} is as it was.`,
        }),
      remove: (membership: OrganizationMembership) =>
        takeAndTell({
          act: () =>
            track(memberUserId(membership), 'removal', () =>
              remove({ userId: memberUserId(membership) }).finally(refresh),
            ),
          done: `${memberName(membership)} is no longer a member.`,
          verb: 'remove members',
          unchanged: `${memberName(membership)} is still a member.`,
        }),
    }),
    [track, create, update, updateMetadata, remove, refresh],
  )
}

export type MemberActions = ReturnType<typeof useMemberActions>
