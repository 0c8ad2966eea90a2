import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { findDocuments, nameOf, root } from './documents.js'
import { isTypeScript, readSamples, type Sample } from './markdown-samples.js'

const build = new URL('docs/build/samples/', root)
const samples = await typeScriptSamples()
const documents = [...new Set(samples.map(({ document }) => document))]

describe('samples in Markdown', () => {
  let complaints: string[]

  // A program for each document, since one that declares types for the whole app would change what others mean. One
  // compiler for all of them, which reads the libraries once.
  beforeAll(async () => {
    await rm(build, { recursive: true, force: true })
    await Promise.all(documents.map(writeProgram))
    await Promise.all(samples.map(writeSample))
    complaints = await compile()
  }, 60_000)

  it('are found', () => {
    expect(documents).toContain('README.md')
  })

  it.each(documents)('compile in %s', (document) => {
    expect(complaints.filter((complaint) => complaint.startsWith(`${document}, `))).toEqual([])
  })

  // An optimistic row gets its id with the answer: keyed by it, the row would be made anew, and lose its focus.
  it.each(documents)('key no row by an id that changes in %s', (document) => {
    const own = samples.filter((sample) => sample.document === document)
    expect(own.filter(({ code }) => /key=\{(\w+\.)?id\}/.test(code))).toEqual([])
  })

  it('compile with no complaint that belongs to none of them', () => {
    const ours = documents.map((document) => `${document}, `)
    expect(complaints.filter((line) => !ours.some((start) => line.startsWith(start)))).toEqual([])
  })
})

async function typeScriptSamples(): Promise<Sample[]> {
  const all = await Promise.all((await findDocuments()).map(readSamples))
  return all.flat().filter(
    (sample) =>
      isTypeScript(sample) &&
      // Compiled in docs/soak, with what they need installed.
      !['docs/getting-started/nextjs.md', 'docs/query-builders.md'].includes(sample.document),
  )
}

function programOf(document: string): URL {
  return new URL(`${nameOf(document)}/`, build)
}

async function writeProgram(document: string): Promise<void> {
  const program = programOf(document)
  await mkdir(program, { recursive: true })
  const settings = { extends: '../../../tsconfig.samples.json', include: ['.'] }
  await writeFile(new URL('tsconfig.json', program), JSON.stringify(settings))
}

/**
 * A sample is a module of its own, whatever it declares; but a declaration file is taken as it stands, since there a
 * missing import turns what was to be added to a module into the whole of it.
 */
async function writeSample({ document, fileName, code }: Sample): Promise<void> {
  const file = new URL(fileName, programOf(document))
  await mkdir(new URL('.', file), { recursive: true })
  await writeFile(file, fileName.endsWith('.d.ts') ? code : `${code}\nexport {}\n`)
}

/** What the compiler says, each with the place in the document. */
async function compile(): Promise<string[]> {
  const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root))
  const programs = documents.map((document) => fileURLToPath(programOf(document)))
  const parameters = [compiler, '--build', ...programs, '--pretty', 'false']
  try {
    await promisify(execFile)(process.execPath, parameters, { cwd: fileURLToPath(build) })
    return []
  } catch (error) {
    const { stdout = '' } = error as { stdout?: string }
    const lines = stdout.split('\n').filter((line) => /error TS\d+/.test(line))
    if (lines.length === 0) throw error
    return lines.map((line) => {
      const sample = samples.find(({ document, fileName }) =>
        line.startsWith(`${nameOf(document)}/${fileName}(`),
      )
      return sample ? `${sample.document}, sample at line ${sample.line}: ${line}` : line
    })
  }
}
