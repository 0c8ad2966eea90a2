import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { readSamples, type Sample } from './markdown-samples.js'

const root = new URL('../../', import.meta.url)
const folder = new URL('docs/.samples/', root)
const documents = await findDocuments()
const samples = (await Promise.all(documents.map((name) => readSamples(root, name)))).flat()

describe('samples in Markdown', () => {
  let complaints: string[]

  beforeAll(async () => {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    await Promise.all(samples.map(writeSample))
    complaints = await compileSamples()
  }, 60_000)

  it('are found', () => {
    expect(samples.filter((sample) => sample.document === 'README.md')).toHaveLength(4)
  })

  it.each(documents)('compile in %s', (document) => {
    const own = samples.filter((sample) => sample.document === document)
    const ownComplaints = complaints.flatMap((complaint) => {
      const sample = own.find(({ fileName }) => complaint.includes(fileName))
      return sample ? [`${document}, sample at line ${sample.line}: ${complaint}`] : []
    })
    expect(ownComplaints).toEqual([])
  })

  it('raise no complaint that belongs to no document', () => {
    const unplaced = complaints.filter(
      (complaint) => !samples.some(({ fileName }) => complaint.includes(fileName)),
    )
    expect(unplaced).toEqual([])
  })
})

/** README.md, the README of each package and app, and everything in docs/. */
async function findDocuments(): Promise<string[]> {
  const found = ['README.md']
  for (const parent of ['packages', 'apps']) {
    // oxlint-disable-next-line no-await-in-loop -- two folders
    for (const name of await readdir(new URL(`${parent}/`, root))) {
      const document = `${parent}/${name}/README.md`
      if (existsSync(new URL(document, root))) found.push(document)
    }
  }
  for (const name of await readdir(new URL('docs/', root))) {
    if (name.endsWith('.md')) found.push(`docs/${name}`)
  }
  return found
}

/** A sample is a module of its own, whatever it declares. */
async function writeSample({ fileName, code }: Sample): Promise<void> {
  await writeFile(new URL(fileName, folder), `${code}\nexport {}\n`)
}

async function compileSamples(): Promise<string[]> {
  const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root))
  const project = fileURLToPath(new URL('docs/tsconfig.samples.json', root))
  try {
    await promisify(execFile)(process.execPath, [compiler, '-p', project, '--pretty', 'false'])
    return []
  } catch (error) {
    const { stdout = '' } = error as { stdout?: string }
    const lines = stdout.split('\n').filter((line) => /error TS\d+/.test(line))
    if (lines.length === 0) throw error
    return lines
  }
}
