import { Button, Code, Modal, Text, Textarea } from '@mantine/core'
import type { OrganizationMembership } from '@org-memberships/core'
import { useState } from 'react'
import type { Words } from '../app/error-in-words.js'
import { DialogFooter } from '../layout/dialog-footer.js'
import { tell } from '../layout/tell.js'
import { useShown } from '../layout/use-shown.js'
import { memberName } from './member-name.js'
import { readMetadataEdit } from './metadata-patch.js'
import type { MemberActions } from './use-member-actions.js'

/** The public metadata as JSON, and the merge patch that the edit amounts to. */
export function EditMetadataDialog({
  membership,
  onSave,
  onRefusalRead,
  onClose,
}: {
  membership: OrganizationMembership
  onSave: MemberActions['editMetadata']
  /** The reader gives up an edit that was refused, having been told why. */
  onRefusalRead: (membership: OrganizationMembership) => void
  onClose: () => void
}) {
  const [text, setText] = useState(() => JSON.stringify(membership.publicMetadata, null, 2))
  const [isSaving, setSaving] = useState(false)
  const [refusal, setRefusal] = useState<Words | null>(null)
  const reading = readMetadataEdit(membership.publicMetadata, text)

  const isShown = useShown()

  // The dialog stays open until the server has confirmed: a refused edit is not lost.
  const save = async () => {
    if (!reading.ok) return
    setSaving(true)
    setRefusal(null)
    const words = await onSave(membership, reading.patch)
    if (!isShown()) {
      // Closed while it was being saved. Another dialog may be open by now, which is not to be closed.
      if (words !== null) tell(words)
      return
    }
    setSaving(false)
    setRefusal(words)
    if (words === null) onClose()
  }

  const dismiss = () => {
    if (refusal !== null) onRefusalRead(membership)
    onClose()
  }

  return (
    <Modal opened onClose={dismiss} title={`Metadata of ${memberName(membership)}`} size="lg">
      <Textarea
        label="Public metadata"
        description="JSON. Take a key out, or set it to null, to remove it."
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={reading.ok ? null : reading.message}
        autosize
        minRows={5}
        maxRows={12}
        spellCheck={false}
        data-autofocus
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
      />
      <Text size="sm" fw={500} mt="md" mb={4} id="patch-label">
        What will be sent
      </Text>
      {reading.ok && reading.changes > 0 ? (
        <Code
          block
          aria-labelledby="patch-label"
          tabIndex={0}
          style={{ maxHeight: 160, overflow: 'auto' }}
        >
          {JSON.stringify({ public_metadata: reading.patch }, null, 2)}
        </Code>
      ) : (
        <Text size="sm" c="dimmed">
          {reading.ok ? 'Nothing has changed yet.' : 'Nothing, until the JSON above is right.'}
        </Text>
      )}
      <DialogFooter refusal={refusal}>
        <Button variant="default" onClick={dismiss}>
          Cancel
        </Button>
        <Button
          onClick={() => void save()}
          loading={isSaving}
          disabled={!reading.ok || reading.changes === 0}
        >
          Save
        </Button>
      </DialogFooter>
    </Modal>
  )
}
