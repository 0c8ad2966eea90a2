// The size budgets of the design, as a gate: unlike a duration, a size is the same on every machine.
import process from 'node:process'
import { bundleSize } from './bundle-size.js'

const budget = 6144
const bundles = [
  {
    name: 'core, the client class',
    snippet: "export { OrganizationMembershipsClient } from '@org-memberships/core'",
  },
  {
    name: 'react, all of it, without react, swr and core',
    snippet: "export * from '@org-memberships/react'",
    external: ['react', 'react-dom', 'swr', '@org-memberships/core'],
  },
]

const rows = await Promise.all(
  bundles.map(async ({ name, snippet, external }) => {
    const { min, gzip } = await bundleSize(snippet, { external })
    return { bundle: name, min, gzip, budget, verdict: gzip <= budget ? 'fits' : 'too large' }
  }),
)
console.table(rows)
if (rows.some(({ gzip }) => gzip > budget)) {
  console.error(
    `A bundle is larger than ${budget} bytes min+gzip. Take something out, or change the budget knowingly.`,
  )
  process.exitCode = 1
}
