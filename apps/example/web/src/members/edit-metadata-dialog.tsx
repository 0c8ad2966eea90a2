import { Button, Code, Group, Modal, Text, Textarea } from '@mantine/core'
import type { OrganizationMembership } from '@org-memberships/core'
import { useState } from 'react'
import type { Words } from '../app/error-in-words.js'
import { Refusal } from '../layout/refusal.js'
import { memberName } from './member-name.js'
import { readMetadataEdit } from './metadata-patch.js'
import type { MemberActions } from './use-member-actions.js'

/** The public metadata as JSON, and the merge patch that the edit amounts to. */
export function EditMetadataDialog({
  membership,
  onSave,
  onClose,
}: {
  membership: OrganizationMembership
  onSave: MemberActions['editMetadata']
  onClose: () => void
}) {
  const [text, setText] = useState(() => JSON.stringify(membership.publicMetadata, null, 2))
  const [isSaving, setSaving] = useState(false)
  const [refusal, setRefusal] = useState<Words | null>(null)
  const reading = readMetadataEdit(membership.publicMetadata, text)

  // The dialog stays open until the server has confirmed: a refused edit is not lost.
  const save = async () => {
    if (!reading.ok) return
    setSaving(true)
    const words = await onSave(membership, reading.patch)
    setSaving(false)
    setRefusal(words)
    if (words === null) onClose()
  }

  return (
    <Modal opened onClose={onClose} title={`Metadata of ${memberName(membership)}`} size="lg">
      <Textarea
        label="Public metadata"
        description="JSON. Take a key out, or set it to null, to remove it."
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={reading.ok ? null : reading.message}
        autosize
        minRows={8}
        maxRows={18}
        spellCheck={false}
        data-autofocus
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
      />
      <Text size="sm" fw={500} mt="md" mb={4} id="patch-label">
        What will be sent
      </Text>
      {reading.ok && reading.changes > 0 ? (
        <Code block aria-labelledby="patch-label" style={{ maxHeight: 200, overflow: 'auto' }}>
          {JSON.stringify({ public_metadata: reading.patch }, null, 2)}
        </Code>
      ) : (
        <Text size="sm" c="dimmed">
          {reading.ok ? 'Nothing has changed yet.' : 'Nothing, until the JSON above is right.'}
        </Text>
      )}
      <Refusal words={refusal} mt="md" />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          onClick={() => void save()}
          loading={isSaving}
          disabled={!reading.ok || reading.changes === 0}
        >
          Save
        </Button>
      </Group>
    </Modal>
  )
}
