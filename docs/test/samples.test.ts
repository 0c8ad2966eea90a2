import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { findDocuments, nameOf, root } from './documents.js'
import { isTypeScript, readSamples, type Sample } from './markdown-samples.js'

const build = new URL('docs/build/samples/', root)
const documents = await documentsWithSamples()

describe('samples in Markdown', () => {
  beforeAll(async () => {
    await rm(build, { recursive: true, force: true })
  })

  it('are found', async () => {
    expect(documents).toContain('README.md')
  })

  // A program for each document, since one that declares types for the whole app would change what others mean.
  it.concurrent.each(documents)(
    'compile in %s',
    async (document) => {
      const samples = (await readSamples(document)).filter(isTypeScript)
      const program = new URL(`${nameOf(document)}/`, build)
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

async function documentsWithSamples(): Promise<string[]> {
  const all = await findDocuments()
  const samples = await Promise.all(all.map(readSamples))
  return all.filter(
    (document, index) =>
      samples[index]?.some(isTypeScript) === true &&
      // The reference's are written in the docstrings, and that page's are compiled by Next.js, in docs/soak/nextjs.soak.ts.
      !document.startsWith('docs/reference/') &&
      document !== 'docs/getting-started/nextjs.md',
  )
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
