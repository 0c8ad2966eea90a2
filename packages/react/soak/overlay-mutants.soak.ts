import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OrganizationStoreClass, runSchedules } from '../test/fuzz/schedule.js'

// A fuzz that no fault can make fail shows nothing. Each of these is one fault in the overlay, and each is found.

interface Mutant {
  readonly file: string
  readonly from: string
  readonly to: string
}

const mutants: { readonly [fault: string]: Mutant } = {
  'a page that overlaps a write counts as knowing it': {
    file: 'overlay/project.ts',
    from: 'operations.findIndex(({ confirmation }) => !confirmation || confirmation.at > start)',
    to: 'operations.findIndex(({ sentAt }) => sentAt === undefined || sentAt > start)',
  },
  'a confirmed write no longer covers an older page': {
    file: 'overlay/project.ts',
    from: '!confirmation || confirmation.at > start)',
    to: '!confirmation)',
  },
  'writes to one row are applied in the wrong order': {
    file: 'overlay/project.ts',
    from: 'chain.operations.slice(known), presentRow(row)',
    to: 'chain.operations.slice(known).reverse(), presentRow(row)',
  },
  'a row that leaves the page still counts': {
    file: 'overlay/project.ts',
    from: 'this.#total -= 1',
    to: 'this.#total -= 0',
  },
  'a guess passes for a fact': {
    file: 'overlay/project.ts',
    from: "this.#doubt('guessed')",
    to: '',
  },
  'a newcomer always stands on top': {
    file: 'overlay/project.ts',
    from: 'this.#rows.splice(index, 0, state.row)',
    to: 'this.#rows.splice(0, 0, state.row)',
  },
  'a write is forgotten when the first page knows it': {
    file: 'overlay/log.ts',
    from: 'pages.every(({ start }) => confirmation.at <= start)',
    to: 'pages.some(({ start }) => confirmation.at <= start)',
  },
  'a role filter is not heeded': {
    file: 'overlay/membership-in-list.ts',
    from: 'if (!roles.includes(state.role)) return 0',
    to: '',
  },
  'of two writes that are joined the first answer is kept': {
    file: 'overlay/log.ts',
    from: 'confirmation: before ? { ...rest, before } : rest,',
    to: 'confirmation: previous.confirmation,',
  },
  'of patches that wait only the first is sent and shown': {
    file: 'overlay/composed-change.ts',
    from: 'return this.#patch.add(next.publicMetadata)',
    to: 'return true',
  },
  'the total of a page does not follow who comes and goes elsewhere': {
    file: 'overlay/project.ts',
    from: 'this.#total += after - before',
    to: 'this.#total += 0',
  },
  'every page that a write touches passes for incomplete': {
    file: 'overlay/project.ts',
    from: 'certainty: this.#certainty,',
    to: "certainty: 'incomplete',",
  },
}

const source = fileURLToPath(new URL('../src', import.meta.url))
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'overlay-mutants-'))
})

afterAll(() => rm(directory, { recursive: true, force: true }))

async function load(name: string, { file, from, to }: Mutant): Promise<OrganizationStoreClass> {
  const copy = join(directory, name)
  await cp(source, copy, { recursive: true })
  const text = await readFile(join(copy, file), 'utf8')
  expect(text.split(from), `the place of the fault in ${file}`).toHaveLength(2)
  await writeFile(join(copy, file), text.replace(from, to))
  const core = fileURLToPath(import.meta.resolve('@org-memberships/core'))
  const sources = await readdir(copy, { recursive: true })
  await Promise.all(
    sources
      .filter((importer) => importer.endsWith('.ts'))
      .map(async (importer) => {
        // Outside of the workspace there is no package of that name.
        const path = join(copy, importer)
        const code = await readFile(path, 'utf8')
        await writeFile(path, code.replaceAll("'@org-memberships/core'", `'${core}'`))
      }),
  )
  const module = (await import(/* @vite-ignore */ join(copy, 'organization-store.ts'))) as {
    OrganizationStore: OrganizationStoreClass
  }
  return module.OrganizationStore
}

test('the unchanged copy passes', async () => {
  const unchanged = { file: 'overlay/log.ts', from: 'class OperationLog', to: 'class OperationLog' }
  const Store = await load('unchanged', unchanged)
  await expect(runSchedules({ from: 1, count: 20, steps: 60 }, Store)).resolves.toBeDefined()
})

for (const [index, [fault, mutant]] of Object.entries(mutants).entries()) {
  test(`the fuzz finds the fault: ${fault}`, async () => {
    const Store = await load(`mutant-${index}`, mutant)
    await expect(runSchedules({ from: 1, count: 500, steps: 60 }, Store)).rejects.toThrow(
      /^(Seed|Only) /,
    )
  }, 60_000)
}
