import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { readSamples, type Sample } from './markdown-samples.js'

const root = new URL('../../', import.meta.url)
const build = new URL('docs/build/samples/', root)
const documents = await findDocuments()

describe('samples in Markdown', () => {
  beforeAll(async () => {
    await rm(build, { recursive: true, force: true })
  })

  it('are found', async () => {
    expect(await readSamples(root, 'README.md')).toHaveLength(4)
  })

  // A program for each document, since one that declares types for the whole app would change what others mean.
  it.concurrent.each(documents)(
    'compile in %s',
    async (document) => {
      const samples = await readSamples(root, document)
      if (samples.length === 0) return
      const program = new URL(`${document.replaceAll('/', '-').replace('.md', '')}/`, build)
      await mkdir(program, { recursive: true })
      await Promise.all(samples.map((sample) => writeSample(program, sample)))
      await writeFile(
        new URL('tsconfig.json', program),
        JSON.stringify({ extends: '../../../tsconfig.samples.json', include: ['.'] }),
      )
      expect(await complaintsOf(program, samples)).toEqual([])
    },
    60_000,
  )
})

/** README.md, the README of each package and app, and the pages in docs/. */
async function findDocuments(): Promise<string[]> {
  const found = ['README.md']
  for (const parent of ['packages', 'apps']) {
    // oxlint-disable-next-line no-await-in-loop -- two folders
    for (const name of await readdir(new URL(`${parent}/`, root))) {
      const document = `${parent}/${name}/README.md`
      if (existsSync(new URL(document, root))) found.push(document)
    }
  }
  for (const folder of ['docs', 'docs/getting-started']) {
    // oxlint-disable-next-line no-await-in-loop -- two folders
    for (const name of await readdir(new URL(`${folder}/`, root))) {
      if (name.endsWith('.md')) found.push(`${folder}/${name}`)
    }
  }
  return found
}

/** A sample is a module of its own, whatever it declares. */
async function writeSample(program: URL, { fileName, code }: Sample): Promise<void> {
  const file = new URL(fileName, program)
  await mkdir(new URL('.', file), { recursive: true })
  await writeFile(file, `${code}\nexport {}\n`)
}

/** What the compiler says, each with the place in the document. */
async function complaintsOf(program: URL, samples: readonly Sample[]): Promise<string[]> {
  const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root))
  const project = fileURLToPath(program)
  try {
    await promisify(execFile)(process.execPath, [compiler, '-p', project, '--pretty', 'false'])
    return []
  } catch (error) {
    const { stdout = '' } = error as { stdout?: string }
    const lines = stdout.split('\n').filter((line) => /error TS\d+/.test(line))
    if (lines.length === 0) throw error
    return lines.map((line) => {
      const sample = samples.find(({ fileName }) => line.includes(fileName))
      return sample ? `${sample.document}, sample at line ${sample.line}: ${line}` : line
    })
  }
}
