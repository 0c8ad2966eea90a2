import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { BareFace, type OrganizationClass } from '../test/fuzz/bare-face.js'
import { runSchedules } from '../test/fuzz/schedule.js'

// A fuzz that no fault can make fail shows nothing. Each of these is one fault in the overlay, and each is found.

interface Mutant {
  readonly file: string
  readonly from: string
  readonly to: string
}

const mutants: { readonly [fault: string]: Mutant } = {
  'a page that overlaps a write counts as knowing it': {
    file: 'members/table.ts',
    from: 'return confirmed.at <= start',
    to: 'return confirmed.sentAt <= start',
  },
  'a confirmed write no longer covers an older page': {
    file: 'members/table.ts',
    from: 'isKnown ? presentRow(row) : writes.confirmed.after',
    to: 'presentRow(row)',
  },
  'writes to one row are applied in the wrong order': {
    file: 'members/table.ts',
    from: 'of pending) {',
    to: 'of [...pending].reverse()) {',
  },
  'a row that leaves the page still counts': {
    file: 'members/project.ts',
    from: 'total -= 1',
    to: 'total -= 0',
  },
  'a guess passes for a fact': {
    file: 'members/project.ts',
    from: "doubt('guessed')",
    to: "doubt('exact')",
  },
  'a newcomer always stands on top': {
    file: 'members/project.ts',
    from: 'rows.splice(index === -1 ? rows.length : index, 0, row)',
    to: 'rows.splice(0, 0, row)',
  },
  'a write is forgotten when the newest page knows it': {
    file: 'pages/registry.ts',
    from: 'for (const page of this.pages()) oldest = Math.min(oldest, stampOf(page).start)',
    to: 'for (const page of this.pages()) oldest = stampOf(page).start',
  },
  'a request under way is no page': {
    file: 'pages/registry.ts',
    from: 'this.#open.add(start)',
    to: '',
  },
  'a page that was given to no list yet is no page': {
    file: 'pages/registry.ts',
    from: 'for (const { pages } of this.#given.values()) yield* pages',
    to: '',
  },
  'a page that came after the write it was read during is left as it is': {
    file: 'organization.ts',
    from: 'if (isLanded(list)) this.#revalidateOverlapped(list)',
    to: '',
  },
  'an answer from before a reset is taken in': {
    file: 'organization.ts',
    from: 'if (era === this.#era) return',
    to: 'return',
  },
  'a role filter is not heeded': {
    file: 'members/membership-in-list.ts',
    from: 'if (!roles.includes(state.role)) return 0',
    to: '',
  },
  'of two confirmed writes the first answer is kept': {
    file: 'members/table.ts',
    from: 'after = presentRow(row)',
    to: 'after = confirmed.at === 0 ? presentRow(row) : confirmed.after',
  },
  'of patches that wait only the first is sent and shown': {
    file: 'writes/queue.ts',
    from: 'if (!this.#patch.add(next.publicMetadata)) return false',
    to: '',
  },
  'the total of a page does not follow who comes and goes elsewhere': {
    file: 'members/project.ts',
    from: 'total += after - (before === 1 ? 1 : 0)',
    to: 'total += 0',
  },
  'every page that a write touches passes for incomplete': {
    file: 'members/project.ts',
    from: "let certainty: Certainty = 'exact'",
    to: "let certainty: Certainty = written.size > 0 ? 'incomplete' : 'exact'",
  },
}

const source = fileURLToPath(new URL('../src', import.meta.url))
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'overlay-mutants-'))
})

afterAll(() => rm(directory, { recursive: true, force: true }))

async function load(name: string, { file, from, to }: Mutant): Promise<OrganizationClass> {
  const copy = join(directory, name)
  await cp(source, copy, { recursive: true })
  const text = await readFile(join(copy, file), 'utf8')
  expect(text.split(from), `the place of the fault in ${file}`).toHaveLength(2)
  await writeFile(join(copy, file), text.replace(from, to))
  const packages = ['@org-memberships/core', '@org-memberships/core/contract']
  const sources = await readdir(copy, { recursive: true })
  await Promise.all(
    sources
      .filter((importer) => importer.endsWith('.ts'))
      .map(async (importer) => {
        // Outside of the workspace there is no package of that name.
        const path = join(copy, importer)
        let code = await readFile(path, 'utf8')
        for (const each of packages) {
          code = code.replaceAll(`'${each}'`, `'${fileURLToPath(import.meta.resolve(each))}'`)
        }
        await writeFile(path, code)
      }),
  )
  const module = (await import(/* @vite-ignore */ join(copy, 'organization.ts'))) as {
    Organization: OrganizationClass
  }
  return module.Organization
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})

afterEach(() => {
  vi.useRealTimers()
})

const run = (Class: OrganizationClass, count: number) =>
  runSchedules({ from: 1, count, steps: 40 }, (api, random) => new BareFace(api, random, Class))

test('the unchanged copy passes', async () => {
  const unchanged = { file: 'members/table.ts', from: 'class MemberTable', to: 'class MemberTable' }
  const Store = await load('unchanged', unchanged)
  await expect(run(Store, 50)).resolves.toBeDefined()
})

for (const [index, [fault, mutant]] of Object.entries(mutants).entries()) {
  test(`the fuzz finds the fault: ${fault}`, async () => {
    const Store = await load(`mutant-${index}`, mutant)
    await expect(run(Store, 4450)).rejects.toThrow(/^(Seed|Only) /)
  }, 240_000)
}
