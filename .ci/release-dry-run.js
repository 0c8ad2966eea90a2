// What the next release would be: versions and changelogs out of the changesets, and packages as they would be uploaded.
// All of it in a clone of what is committed, built from nothing; nothing is published and nothing here is changed.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

const wanted = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'package.json',
  'dist/index.js',
  'dist/index.d.ts',
]
// A source map without its source leads nowhere, so there is none.
const allowed = /^(LICENSE|README\.md|CHANGELOG\.md|package\.json|dist\/.*(?<!\.test)\.(js|d\.ts))$/
const bumps = ['none', 'patch', 'minor', 'major']

const problems = []
const clone = mkdtempSync(join(tmpdir(), 'release-dry-run-'))
try {
  execFileSync('git', ['clone', '--quiet', process.cwd(), clone])
  run('pnpm', 'install', '--frozen-lockfile', '--prefer-offline')
  run('pnpm', 'turbo', 'run', 'build', '--filter', './packages/*', '--output-logs=errors-only')
  const asked = askedBumps()
  const before = manifests()
  run('pnpm', 'changeset', 'version')
  const rows = manifests().map(({ folder, manifest }, index) => {
    const old = before[index].manifest
    checkVersion(folder, old, manifest, asked.get(manifest.name) ?? 'none')
    const { files, size } = checkPackage(folder)
    return { package: manifest.name, from: old.version, to: manifest.version, files, size }
  })
  console.table(rows)
} finally {
  rmSync(clone, { recursive: true, force: true })
}
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1

/** The largest change that the changesets name for each package. */
function askedBumps() {
  const asked = new Map()
  const folder = join(clone, '.changeset')
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.md'))) {
    const text = readFileSync(join(folder, file), 'utf8')
    for (const [, name, bump] of text.matchAll(/^['"](.+)['"]: (patch|minor|major)$/gm)) {
      const known = asked.get(name) ?? 'none'
      asked.set(name, bumps[Math.max(bumps.indexOf(known), bumps.indexOf(bump))])
    }
  }
  return asked
}

/** Nothing may be released as more than its changesets say: least of all as a major because of a peer. */
function checkVersion(folder, old, { name, version, dependencies }, asked) {
  // A package whose dependency is released is released too, as a patch.
  const follows = Object.keys(dependencies ?? {}).some((one) => one.startsWith('@org-memberships/'))
  const expected = asked === 'none' && follows ? ['none', 'patch'] : [asked]
  const versions = expected.map((bump) => increment(old.version, bump))
  if (!versions.includes(version)) {
    problems.push(
      `${name} would go from ${old.version} to ${version}; its changesets ask for ${versions.join(' or ')}. ` +
        'A major that nobody asked for comes from a peer whose next version is out of range: widen the range.',
    )
  }
  if (version === old.version) return
  const changelog = join(clone, 'packages', folder, 'CHANGELOG.md')
  if (!existsSync(changelog) || !readFileSync(changelog, 'utf8').includes(`\n## ${version}\n`)) {
    problems.push(`${name}: CHANGELOG.md says nothing of ${version}.`)
  }
}

/** What would be uploaded, and what it says of itself. */
function checkPackage(folder) {
  const cwd = join(clone, 'packages', folder)
  const packed = JSON.parse(execute(cwd, 'pnpm', 'pack', '--json'))
  const files = packed.files.map(({ path }) => path)
  for (const file of wanted.filter((one) => !files.includes(one))) {
    problems.push(`${packed.name}: ${file} is missing from the package.`)
  }
  for (const file of files.filter((one) => !allowed.test(one))) {
    problems.push(`${packed.name}: ${file} has no place in the package.`)
  }
  const manifest = execute(cwd, 'tar', '-xOf', packed.filename, 'package/package.json')
  for (const [protocol] of manifest.matchAll(/"(workspace|catalog|link|file):[^"]*"/g)) {
    problems.push(`${packed.name}: package.json still says ${protocol}.`)
  }
  return { files: files.length, size: packed.size }
}

function manifests() {
  return readdirSync(join(clone, 'packages')).map((folder) => ({
    folder,
    manifest: JSON.parse(readFileSync(join(clone, 'packages', folder, 'package.json'), 'utf8')),
  }))
}

function increment(version, bump) {
  const [major, minor, patch] = version.split('.').map(Number)
  if (bump === 'major') return `${major + 1}.0.0`
  if (bump === 'minor') return `${major}.${minor + 1}.0`
  return bump === 'patch' ? `${major}.${minor}.${patch + 1}` : version
}

function run(command, ...parameters) {
  execute(clone, command, ...parameters)
}

/** @throws Error with all that the command printed, unless it exits with 0 */
function execute(cwd, command, ...parameters) {
  try {
    return execFileSync(command, parameters, { cwd, encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    throw new Error(`${command} ${parameters.join(' ')}\n${error.stdout}\n${error.stderr}`, {
      cause: error,
    })
  }
}
