import { readFile } from 'node:fs/promises'

export interface Sample {
  /** The Markdown file, from the root of the repository. */
  readonly document: string
  /** The line of the document on which the code starts, counted from 1. */
  readonly line: number
  /** The heading above it. */
  readonly heading: string
  readonly language: 'ts' | 'tsx'
  readonly code: string
  /** The path in the sample's first line (`// app/page.tsx`), or a name that says where the sample stands. */
  readonly fileName: string
}

/** Every `ts` and `tsx` block of a Markdown document, in order. */
export async function readSamples(root: URL, document: string): Promise<Sample[]> {
  const text = await readFile(new URL(document, root), 'utf8')
  const samples: Sample[] = []
  for (const block of text.matchAll(/^```(tsx?)\b[^\n]*\n(.*?)^```$/gms)) {
    const [, language, code] = block
    if ((language !== 'ts' && language !== 'tsx') || code === undefined) continue
    const above = text.slice(0, block.index)
    const heading = above.match(/^#+ .*$/gm)?.at(-1) ?? ''
    const line = above.split('\n').length + 1
    const named = code.match(/^\/\/ (\S+\.tsx?)\n/)?.[1]
    const fileName =
      named ?? `${document.replace(/\.md$/, '').replaceAll('/', '-')}-line-${line}.${language}`
    samples.push({ document, line, heading, language, code, fileName })
  }
  return samples
}
