// Under the condition that a bundler of server components sets, React has no state and no context.
import assert from 'node:assert/strict'
import react from 'react'
import { organizationMembershipsSeed } from '@org-memberships/react/seed'

assert.equal(react.createContext, undefined)
const page = { data: [], totalCount: 0 }
const seed = organizationMembershipsSeed([{ organizationId: 'org_1', page }])
assert.deepEqual(Object.values(seed), [page])
console.log('fine')
