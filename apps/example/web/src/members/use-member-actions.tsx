import { Button, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { MetadataPatch, OrganizationMembership, PublicMetadata } from '@org-memberships/core'
import {
  useCreateOrganizationMembership,
  useDeleteOrganizationMembership,
  useUpdateOrganizationMembership,
  useUpdateOrganizationMembershipMetadata,
} from '@org-memberships/react'
import { type Attempt, inWords, type Words } from '../app/error-in-words.js'
import { memberName, memberUserId } from './member-name.js'
import type { FoundPerson } from './people.js'
import { roleLabel } from './roles.js'

/**
 * The four writes, each with what the reader is told afterwards. The list shows a change at once and takes it back if
 * the server refuses; nothing here has to touch the list.
 *
 * `add` and `editMetadata` are asked for in a dialog, which shows what went wrong: they resolve with the words for it,
 * or with `null` when it went well. `changeRole` and `remove` tell it in a corner of the page.
 */
export function useMemberActions(organizationId: string) {
  const create = useCreateOrganizationMembership(organizationId)
  const update = useUpdateOrganizationMembership(organizationId)
  const updateMetadata = useUpdateOrganizationMembershipMetadata(organizationId)
  const remove = useDeleteOrganizationMembership(organizationId)

  return {
    add: (candidate: FoundPerson, role: string) =>
      take({
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
      takeAndTell({
        act: () => update.trigger({ userId: memberUserId(membership), role }),
        done: `${memberName(membership)} has the role ${roleLabel(role)} now.`,
        verb: 'change roles',
        unchanged: `${memberName(membership)} is still ${roleLabel(membership.role)}.`,
      }),
    editMetadata: (membership: OrganizationMembership, patch: MetadataPatch<PublicMetadata>) =>
      take({
        act: () =>
          updateMetadata.trigger({ userId: memberUserId(membership), publicMetadata: patch }),
        done: `The metadata of ${memberName(membership)} is saved.`,
        verb: 'edit metadata',
        unchanged: `The metadata of ${memberName(membership)} is as it was.`,
      }),
    remove: (membership: OrganizationMembership) =>
      takeAndTell({
        act: () => remove.trigger({ userId: memberUserId(membership) }),
        done: `${memberName(membership)} is no longer a member.`,
        verb: 'remove members',
        unchanged: `${memberName(membership)} is still a member.`,
      }),
  }
}

interface Step extends Attempt {
  act: () => Promise<unknown>
  /** What to say when it went well. */
  done: string
}

async function take(step: Step): Promise<Words | null> {
  try {
    await step.act()
  } catch (error) {
    return inWords(error, step)
  }
  notifications.show({ color: 'teal', message: step.done, autoClose: 4000 })
  return null
}

async function takeAndTell(step: Step): Promise<void> {
  const words = await take(step)
  if (words === null) return
  const id = notifications.show({
    color: 'red',
    role: 'alert',
    title: words.title,
    autoClose: 10_000,
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
            void takeAndTell(step)
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
