import { readFile } from 'node:fs/promises'
import { URL } from 'node:url'
import { root } from './documents.js'

export interface Sample {
  /** The Markdown file, from the root of the repository. */
  readonly document: string
  /** The line of the document on which the code starts, counted from 1. */
  readonly line: number
  /** The heading above it. */
  readonly heading: string
  /** What is written behind the fence: `ts`, `tsx`, `sh`, `json` and so on, or nothing. */
  readonly language: string
  readonly code: string
  /**
   * The path in the sample's first line (`// app/page.tsx`) or in a comment above it (`<!-- seed.json -->`), or a name
   * that says where the sample stands.
   */
  readonly fileName: string
}

/** Every block of a Markdown document, in order. */
export async function readSamples(document: string): Promise<Sample[]> {
  const text = await readFile(new URL(document, root), 'utf8')
  const samples: Sample[] = []
  for (const block of text.matchAll(/^```(\w*)[^\n]*\n(.*?)^```$/gms)) {
    const [, language = '', code = ''] = block
    const above = text.slice(0, block.index)
    const heading = above.match(/^#+ .*$/gm)?.at(-1) ?? ''
    const line = above.split('\n').length + 1
    const named = code.match(/^\/\/ (\S+\.tsx?)\n/)?.[1] ?? above.match(/<!-- (\S+) -->\n\n$/)?.[1]
    const fileName =
      named ?? `${document.replace(/\.md$/, '').replaceAll('/', '-')}-line-${line}.${language}`
    samples.push({ document, line, heading, language, code, fileName })
  }
  return samples
}

/** True for what the compiler reads. */
export function isTypeScript({ language }: Sample): boolean {
  return language === 'ts' || language === 'tsx'
}

/** True for what a reader runs, rather than reads. */
export function isProgram({ language }: Sample): boolean {
  return ['ts', 'typescript', 'tsx', 'js', 'sh'].includes(language)
}
