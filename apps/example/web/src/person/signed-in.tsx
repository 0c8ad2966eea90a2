import { useDocumentTitle } from '@mantine/hooks'
import { useMemo } from 'react'
import type { Demo, DemoPerson } from '../app/demo.js'
import { createDemoSession } from '../app/session.js'
import { useURLState, writeURLState } from '../app/url-state.js'
import { Header } from '../layout/header.js'
import { BringToken } from './bring-token.js'
import { DemoBar } from './demo-bar.js'
import { MembershipsOf } from './memberships-of.js'
import { PersonSwitch } from './person-switch.js'

/** The page of whoever the reader is: one of the demo's people, or with real Clerk the owner of a token. */
export function SignedIn({ demo }: { demo: Demo }) {
  const as = useURLState('as')
  useDocumentTitle(`Members of ${demo.organization.name}`)
  const you = demo.people.find(({ role }) => role === `org:${as}`) ?? demo.people[0]

  if (you === undefined) return <BringToken organization={demo.organization} />
  return (
    <AsPerson
      demo={demo}
      you={you}
      onChange={({ role }) => writeURLState({ as: role === 'org:admin' ? '' : 'member' })}
    />
  )
}

function AsPerson({
  demo,
  you,
  onChange,
}: {
  demo: Demo
  you: DemoPerson
  onChange: (person: DemoPerson) => void
}) {
  const getToken = useMemo(() => createDemoSession(you.userId), [you.userId])
  return (
    <>
      <Header organizationName={demo.organization.name}>
        <PersonSwitch people={demo.people} you={you} onChange={onChange} />
      </Header>
      <DemoBar demo={demo} you={you} />
      {/* A new person starts with nothing of what the last one saw. */}
      <MembershipsOf
        key={you.userId}
        organization={demo.organization}
        yourUserId={you.userId}
        candidateName={demo.candidateName}
        getToken={getToken}
      />
    </>
  )
}
