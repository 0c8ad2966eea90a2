// Every dependency that a user of the published packages installs must be under a licence that asks for no more than a
// notice. A new one is added here knowingly, or the dependency goes.
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import process from 'node:process'

const allowed = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Unlicense',
])
const published = readdirSync('packages').flatMap((name) => ['--filter', `./packages/${name}`])
const list = execFileSync('pnpm', [...published, 'licenses', 'list', '--prod', '--json'], {
  encoding: 'utf8',
})
const byLicense = Object.entries(JSON.parse(list))
const refused = byLicense.filter(([license]) => !isAllowed(license))
for (const [license, packages] of refused) {
  console.error(`${license}: ${packages.map(({ name }) => name).join(', ')}`)
}
if (refused.length > 0) {
  console.error('These licences are not on the list in .ci/licenses.js.')
  process.exit(1)
}
const count = byLicense.reduce((sum, [, packages]) => sum + packages.length, 0)
console.log(`${count} dependencies, all under ${byLicense.map(([license]) => license).join(', ')}.`)

/** `(MIT OR Apache-2.0)` leaves the choice, `MIT AND ISC` asks for both. */
function isAllowed(license) {
  const choices = license.replace(/[()]/g, '').split(' OR ')
  return choices.some((choice) => choice.split(' AND ').every((part) => allowed.has(part.trim())))
}
