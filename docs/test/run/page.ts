import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { URL } from 'node:url'
import { expect, it } from 'vitest'
import { nameOf, root } from '../documents.js'
import { isProgram, readSamples, type Sample } from '../markdown-samples.js'

/** Why a sample is not run here. */
export interface Reason {
  readonly because: string
  /** The file that runs it, or as much of it as can be. */
  readonly by: string
}

/** The test that renders a document's samples, where another one runs the rest. */
export function browserTestOf(document: string): URL {
  return new URL(`docs/test/run/${nameOf(document)}.browser.test.ts`, root)
}

/** A document whose samples are run, or are not for a reason that is given. */
export class Page {
  /** Where its samples are written. What they import is found from there. */
  readonly folder: URL
  readonly #samples: readonly Sample[]
  readonly #outputs: readonly Sample[]
  readonly #isMine: (sample: Sample) => boolean
  readonly #accounted = new Set<Sample>()

  private constructor(
    name: string,
    samples: readonly Sample[],
    isMine: (sample: Sample) => boolean,
  ) {
    this.folder = new URL(`docs/build/run/${name}/`, root)
    this.#samples = samples.filter(({ language }) => language !== '')
    this.#outputs = samples.filter(({ language }) => language === '')
    this.#isMine = (sample) => isProgram(sample) && isMine(sample)
  }

  /** For a test of all samples, but for those that another test renders, where there is one. */
  static async open(document: string): Promise<Page> {
    const samples = await readSamples(document)
    const isShared = existsSync(browserTestOf(document))
    const isMine = ({ language }: Sample) => !isShared || language !== 'tsx'
    return new Page(nameOf(document), samples, isMine).#prepare()
  }

  /** For a test in `happy-dom`, beside another one, of the samples that a browser runs. */
  static async openInBrowser(document: string): Promise<Page> {
    const samples = await readSamples(document)
    const isMine = ({ language }: Sample) => language === 'tsx'
    return new Page(`${nameOf(document)}-browser`, samples, isMine).#prepare()
  }

  async #prepare(): Promise<this> {
    await rm(this.folder, { recursive: true, force: true })
    await mkdir(this.folder, { recursive: true })
    // The runner takes from it how decorators and JSX are to be translated.
    const settings = { extends: '../../../tsconfig.samples.json', include: ['.'] }
    await writeFile(new URL('tsconfig.json', this.folder), JSON.stringify(settings))
    // A test runner that a sample starts is not to look for its settings further up.
    await writeFile(new URL('vitest.config.mjs', this.folder), 'export default {}\n')
    return this
  }

  /** The sample under a heading, or the one of several there that has a text in it. */
  sample(heading: string, text = ''): Sample {
    const found = this.#samples.filter(
      (sample) => sample.heading === heading && sample.code.includes(text),
    )
    const [sample] = found
    if (sample === undefined || found.length > 1) {
      throw new Error(
        `${found.length} samples under '${heading}' have '${text}'; one was expected.`,
      )
    }
    this.#accounted.add(sample)
    return sample
  }

  /** The blocks without a language under a heading: what a reader is to see. */
  outputs(heading: string): string[] {
    return this.#outputs.filter((output) => output.heading === heading).map(({ code }) => code)
  }

  /** Writes a sample where its first line says, changed as the test needs it, and tells where that is. */
  async write(sample: Sample, change = (code: string) => code): Promise<URL> {
    this.#accounted.add(sample)
    const file = new URL(sample.fileName, this.folder)
    await mkdir(new URL('.', file), { recursive: true })
    await writeFile(file, change(sample.code))
    return file
  }

  /** Writes every sample whose first line, or the comment above it, says where it belongs. */
  async writeNamed(change?: (code: string) => string): Promise<void> {
    const named = this.#samples.filter(({ fileName, line }) => !fileName.includes(`-line-${line}.`))
    await Promise.all(named.map((sample) => this.write(sample, change)))
  }

  /** Runs the sample under a heading as a module, and gives what it exports. */
  async import<Exports>(
    heading: string,
    text?: string,
    change?: (code: string) => string,
  ): Promise<Exports> {
    const file = await this.write(this.sample(heading, text), change)
    return (await import(/* @vite-ignore */ file.href)) as Exports
  }

  /** A sample that is not run here: why, and what stands for it instead. */
  notRun(heading: string, text: string, reason: Reason): void {
    this.sample(heading, text)
    assertReason(reason)
  }

  /** The same of all samples. */
  noneRun(reason: Reason): void {
    for (const sample of this.#samples) this.#accounted.add(sample)
    assertReason(reason)
  }

  /** To be called last: a test that no sample was forgotten. */
  itLeavesNothingOut(): void {
    it('runs every sample, or says why not', () => {
      const forgotten = this.#samples.filter(
        (sample) => this.#isMine(sample) && !this.#accounted.has(sample),
      )
      expect(
        forgotten.map(({ document, line, heading }) => `${document}:${line}, under '${heading}'`),
      ).toEqual([])
    })
  }
}

function assertReason({ by }: Reason): void {
  if (!existsSync(new URL(by, root))) throw new Error(`${by} is not there.`)
}
