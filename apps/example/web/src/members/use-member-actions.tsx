import { Button, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { MetadataPatch, OrganizationMembership, PublicMetadata } from '@org-memberships/core'
import {
  useCreateOrganizationMembership,
  useDeleteOrganizationMembership,
  useUpdateOrganizationMembership,
  useUpdateOrganizationMembershipMetadata,
} from '@org-memberships/react'
import { type Attempt, inWords } from '../app/error-in-words.js'
import { memberName, memberUserId } from './member-name.js'
import type { FoundPerson } from './people.js'
import { roleLabel } from './roles.js'

/**
 * The four writes, each with what the reader is told afterwards. The list shows a change at once and takes it back if
 * the server refuses; nothing here has to touch the list.
 *
 * Each resolves with `true` once the server has confirmed, `false` when it refused and the reader has been told.
 */
export function useMemberActions(organizationId: string) {
  const create = useCreateOrganizationMembership(organizationId)
  const update = useUpdateOrganizationMembership(organizationId)
  const updateMetadata = useUpdateOrganizationMembershipMetadata(organizationId)
  const remove = useDeleteOrganizationMembership(organizationId)

  return {
    add: (candidate: FoundPerson, role: string) =>
      attempt({
        act: () =>
          create.trigger({
            userId: candidate.userId,
            role,
            // What the list shows of them until the server has answered.
            publicUserData: { firstName: candidate.name, identifier: candidate.emailAddress },
          }),
        done: `${candidate.name} is now ${role === 'org:admin' ? 'an admin' : 'a member'}.`,
        verb: 'add members',
        unchanged: `${candidate.name} was not added.`,
      }),
    changeRole: (membership: OrganizationMembership, role: string) =>
      attempt({
        act: () => update.trigger({ userId: memberUserId(membership), role }),
        done: `${memberName(membership)} has the role ${roleLabel(role)} now.`,
        verb: 'change roles',
        unchanged: `${memberName(membership)} is still ${roleLabel(membership.role)}.`,
      }),
    editMetadata: (membership: OrganizationMembership, patch: MetadataPatch<PublicMetadata>) =>
      attempt({
        act: () =>
          updateMetadata.trigger({ userId: memberUserId(membership), publicMetadata: patch }),
        done: `The metadata of ${memberName(membership)} is saved.`,
        verb: 'edit metadata',
        unchanged: `The metadata of ${memberName(membership)} is as it was.`,
      }),
    remove: (membership: OrganizationMembership) =>
      attempt({
        act: () => remove.trigger({ userId: memberUserId(membership) }),
        done: `${memberName(membership)} is no longer a member.`,
        verb: 'remove members',
        unchanged: `${memberName(membership)} is still a member.`,
      }),
  }
}

async function attempt(
  step: Attempt & { act: () => Promise<unknown>; done: string },
): Promise<boolean> {
  try {
    await step.act()
  } catch (error) {
    tell(error, step)
    return false
  }
  notifications.show({ color: 'teal', message: step.done, autoClose: 4000 })
  return true
}

function tell(error: unknown, step: Parameters<typeof attempt>[0]): void {
  const words = inWords(error, step)
  const id = notifications.show({
    color: 'red',
    role: 'alert',
    title: words.title,
    autoClose: 12_000,
    message: words.retry ? (
      <>
        <Text size="sm">{words.message}</Text>
        <Button
          mt={6}
          size="compact-sm"
          variant="light"
          color="red"
          onClick={() => {
            notifications.hide(id)
            void attempt(step)
          }}
        >
          Try again
        </Button>
      </>
    ) : (
      words.message
    ),
  })
}

export type MemberActions = ReturnType<typeof useMemberActions>
