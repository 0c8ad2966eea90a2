import { execFile } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { declaredExports } from '@org-memberships/reference-generator/declared-exports'
import { describe, expect, it } from 'vitest'
import { publishedEntries } from './entries.js'

// What the packages export is a promise to those who import it. The lists in the folder beside this file say what has
// been promised, so that nothing is added, renamed or taken away in passing.
const advice =
  'The exports have changed. If you mean it: add a changeset (`npx --yes pnpm@12.21.0 changeset`; a name that goes is ' +
  'a major change), then renew the lists with `npx vitest run --project docs docs/test/exports.test.ts -u`'

const entries = publishedEntries()
const declarations = declaredExports(entries.map((entry) => entry.declarations))
const runtimes = await runtimeExports(entries.map(({ specifier }) => specifier))

describe.each(entries.map(({ specifier }, index) => ({ specifier, index })))(
  '$specifier',
  (entry) => {
    const { specifier, index } = entry
    const declared = declarations[index] ?? []

    it('exports what it has promised', async () => {
      const list = declared.map(({ name, isType }) => (isType ? `type ${name}` : name))
      const file = `exports/${specifier.replace('@org-memberships/', '').replaceAll('/', '-')}.txt`
      // oxlint-disable-next-line vitest/valid-expect -- the second argument is Vitest's message of a failure
      await expect(`${list.join('\n')}\n`, advice).toMatchFileSnapshot(file)
    })

    it('declares what is there when it runs', () => {
      const values = declared.filter(({ isType }) => !isType).map(({ name }) => name)
      expect(new Set(runtimes[index])).toEqual(new Set(values))
    })

    it('describes every function, class and constant', () => {
      const undocumented = declared.filter(({ isType, isDocumented }) => !isType && !isDocumented)
      const names = undocumented.map(({ name }) => name)
      expect(names).toEqual([])
    })
  },
)

/** Asked of a plain Node, which is quicker about it than the test runner and is what apps have. */
async function runtimeExports(specifiers: readonly string[]): Promise<string[][]> {
  const imports = specifiers.map((specifier) => `import('${specifier}')`)
  const script =
    `const entries = await Promise.all([${imports.join(', ')}]); ` +
    'console.log(JSON.stringify(entries.map((entry) => Object.keys(entry))))'
  const cwd = fileURLToPath(new URL('../', import.meta.url))
  const parameters = ['--input-type=module', '--eval', script]
  const { stdout } = await promisify(execFile)(process.execPath, parameters, { cwd })
  return JSON.parse(stdout) as string[][]
}
