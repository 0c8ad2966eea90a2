import { useMemo } from 'react'
import type { Demo, DemoPerson } from '../app/demo.js'
import { createDemoSession } from '../app/session.js'
import { useURLState, writeURLState } from '../app/url-state.js'
import { Header } from '../layout/header.js'
import { MembersPage } from '../members/members-page.js'
import { DemoBar } from './demo-bar.js'
import { MembershipsOf } from './memberships-of.js'
import { useMembershipsStore } from './use-memberships-store.js'

/** The members page as one of the demo's people sees it, and a switch to be another. */
export function AsPerson({ demo }: { demo: Demo }) {
  const as = useURLState('as')
  const you = demo.people.find(({ role }) => role === `org:${as}`) ?? demo.people[0]

  if (you === undefined) throw new Error('The demo has nobody to be.')
  return <AsYou demo={demo} you={you} />
}

function AsYou({ demo, you }: { demo: Demo; you: DemoPerson }) {
  const getToken = useMemo(() => createDemoSession(you.userId), [you.userId])
  const store = useMembershipsStore(getToken)
  return (
    <>
      <Header organizationName={demo.organization.name} />
      <DemoBar
        demo={demo}
        you={you}
        onChange={({ role }) => writeURLState({ as: role === 'org:admin' ? '' : 'member' })}
      />
      {/* A new person starts with nothing of what the last one saw. */}
      <MembershipsOf key={you.userId} store={store}>
        <MembersPage
          organization={demo.organization}
          yourUserId={you.userId}
          candidateName={demo.candidateName}
          getToken={getToken}
        />
      </MembershipsOf>
    </>
  )
}
