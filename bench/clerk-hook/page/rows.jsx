// Rows, the same for both candidates. Each counts how often it is rendered.
import { memo } from 'react'

export const counts = { rendered: 0 }

function Cells({ userId, name, role }) {
  // oxlint-disable-next-line react/immutability -- this is what is counted
  counts.rendered += 1
  return (
    <li>
      {name} <span id={userId}>{role}</span>
    </li>
  )
}

function Plain({ row }) {
  const { userId, firstName } = row.publicUserData
  return Cells({ userId, name: firstName, role: row.role })
}

const MemoisedCells = memo(Cells)

/** Its parts are what is compared, so that it does not matter whether the membership is another object. */
function OfValues({ row }) {
  const { userId, firstName } = row.publicUserData
  return <MemoisedCells userId={userId} name={firstName} role={row.role} />
}

/** As in Clerk's guide: the browser keeps in it what was chosen, whatever becomes of that. */
function WithSelect({ row, onChoose }) {
  // oxlint-disable-next-line react/immutability -- this is what is counted
  counts.rendered += 1
  const { userId, firstName } = row.publicUserData
  return (
    <li>
      {firstName}{' '}
      <select
        id={userId}
        defaultValue={row.role}
        onChange={({ target }) => onChoose(row, target.value)}
      >
        <option>org:member</option>
        <option>org:editor</option>
        <option>org:admin</option>
      </select>
    </li>
  )
}

export const rows = { values: OfValues, object: memo(Plain), plain: Plain, select: WithSelect }
