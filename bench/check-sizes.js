// A ceiling for what a browser downloads, as a gate: unlike a duration, a size is the same on every machine. The goal is
// 6 kB each, and both miss it: exactly-once creates, whole lists and errors that say what to do cost core the rest, the
// infinite list, seeds and cancellation the hooks. The ceilings keep it from growing unseen; lower one when it can be.
import process from 'node:process'
import { bundleCode, bundleSize } from './bundle-size.js'

const goal = 6144
const bundles = [
  {
    name: 'core, the client class',
    // Also one rule for JSON, a reader that takes no page down, and headers and signals of every runtime.
    ceiling: 11_776,
    snippet: "export { OrganizationMembershipsClient } from '@org-memberships/core'",
  },
  {
    name: 'react, all of it, without react, swr and core',
    ceiling: 13_568,
    snippet: "export * from '@org-memberships/react'",
    external: ['react', 'react-dom', 'swr', '@org-memberships/core'],
  },
]

const rows = await Promise.all(
  bundles.map(async ({ name, ceiling, snippet, external }) => {
    const { min, gzip } = await bundleSize(snippet, { external })
    return { bundle: name, min, gzip, goal, ceiling }
  }),
)
console.table(rows)
if (rows.some(({ gzip, ceiling }) => gzip > ceiling)) {
  console.error(
    'A bundle is larger than its ceiling. Take something out, or raise the ceiling knowingly.',
  )
  process.exitCode = 1
}

// Who shows no infinite list does not download SWR's.
const page = "export { useOrganizationMemberships } from '@org-memberships/react'"
const code = await bundleCode(page, { external: ['react', 'swr', '@org-memberships/core'] })
if (code.includes('swr/infinite')) {
  console.error('A page of members loads swr/infinite.')
  process.exitCode = 1
}
