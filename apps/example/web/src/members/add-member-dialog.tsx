import { Button, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Words } from '../app/error-in-words.js'
import type { GetToken } from '../app/session.js'
import { DialogFooter } from '../layout/dialog-footer.js'
import { SearchIcon } from '../layout/icons.js'
import { tell } from '../layout/tell.js'
import { useShown } from '../layout/use-shown.js'
import { PeopleResults } from './people-results.js'
import type { FoundPerson } from './people.js'
import { roles } from './roles.js'
import type { MemberActions } from './use-member-actions.js'
import { usePeopleSearch } from './use-people-search.js'

/** Finds a person, gives them a role. */
export function AddMemberDialog({
  candidateName,
  getToken,
  onAdd,
  onClose,
}: {
  candidateName: string | null
  getToken: GetToken
  onAdd: MemberActions['add']
  onClose: () => void
}) {
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<FoundPerson | null>(null)
  const [role, setRole] = useState<string>('org:member')
  const [isAdding, setAdding] = useState(false)
  const [refusal, setRefusal] = useState<Words | null>(null)
  const search = usePeopleSearch(text, getToken)
  const isShown = useShown()

  const add = async () => {
    if (chosen === null) return
    setAdding(true)
    const words = await onAdd(chosen, role)
    if (!isShown()) {
      if (words !== null) tell(words)
      return
    }
    setAdding(false)
    setRefusal(words)
    if (words === null) onClose()
  }

  return (
    <Modal opened onClose={onClose} title="Add a member">
      <Stack>
        <TextInput
          label="Who"
          description={describe(candidateName)}
          placeholder="Name or email address"
          leftSection={<SearchIcon />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            setChosen(null)
            setRefusal(null)
          }}
          data-autofocus
        />
        <PeopleResults search={search} chosen={chosen} onChoose={setChosen} />
        <NativeSelect
          label="Role"
          data={roles}
          value={role}
          onChange={(event) => setRole(event.currentTarget.value)}
        />
      </Stack>
      <DialogFooter refusal={refusal}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button onClick={() => void add()} loading={isAdding} disabled={chosen === null}>
          {chosen === null ? 'Add' : `Add ${chosen.name}`}
        </Button>
      </DialogFooter>
    </Modal>
  )
}

function describe(candidateName: string | null): string {
  const whom = 'Anybody with an account who is not a member yet.'
  return candidateName === null ? whom : `${whom} Try ${candidateName}.`
}
