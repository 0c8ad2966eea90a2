import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import GitHubSlugger from 'github-slugger'
import { expect, it } from 'vitest'
import { findDocuments, root } from './documents.js'

// A link that leads nowhere costs a reader more than a missing one.
const documents = await findDocuments()
const texts = new Map(
  await Promise.all(
    documents.map(
      async (document) => [document, await readFile(new URL(document, root), 'utf8')] as const,
    ),
  ),
)
const anchors = new Map<string, ReadonlySet<string>>()

it('finds documents and links', () => {
  expect(documents).toEqual(expect.arrayContaining(['README.md', 'docs/README.md']))
  expect(linksOf('README.md').length).toBeGreaterThan(10)
})

it('every relative link leads to a file, and every anchor to a heading', () => {
  const dead = documents.flatMap((document) =>
    linksOf(document).flatMap(({ target, index }) => {
      const [path = '', anchor] = target.split('#')
      const url = path === '' ? new URL(document, root) : new URL(path, new URL(document, root))
      const file = decodeURIComponent(url.pathname.slice(root.pathname.length))
      const complaint = complaintOf(url, file, anchor)
      if (complaint === undefined) return []
      const line = texts.get(document)?.slice(0, index).split('\n').length
      return [`${document}:${line} → ${target}: ${complaint}`]
    }),
  )
  expect(dead).toEqual([])
})

function complaintOf(url: URL, file: string, anchor: string | undefined): string | undefined {
  if (!existsSync(url)) return 'no such file'
  if (anchor === undefined) return undefined
  return anchorsOf(file).has(anchor) ? undefined : 'no such heading'
}

/** Links of `[text](target)` and `src="target"` that stay inside of the repository. Code is no place for links. */
function linksOf(document: string): { target: string; index: number }[] {
  const prose = withoutCode(texts.get(document) ?? '')
  const matches = prose.matchAll(
    /\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)|\b(?:src|srcset|href)="([^"]+)"/g,
  )
  return [...matches].flatMap((match) => {
    const target = match[1] ?? match[2] ?? ''
    if (/^[a-z]+:/i.test(target)) return []
    return [{ target, index: match.index }]
  })
}

function anchorsOf(document: string): ReadonlySet<string> {
  const known = anchors.get(document) ?? readAnchors(texts.get(document) ?? '')
  anchors.set(document, known)
  return known
}

/** The anchors that GitHub makes of a document's headings, and those that it sets itself. */
function readAnchors(text: string): ReadonlySet<string> {
  const slugger = new GitHubSlugger()
  const headings = withoutBlocks(text).matchAll(/^#{1,6} +(.*?) *#*$/gm)
  const slugs = [...headings].map(([, heading = '']) => slugger.slug(textOf(heading)))
  const own = [...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, name = '']) => name)
  return new Set([...slugs, ...own])
}

/** A heading as it is read: a link's words without its target, code without its marks. */
function textOf(heading: string): string {
  return heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]|\\(?=[<>_])/g, '')
}

/** Line numbers stay what they are. */
function withoutBlocks(text: string): string {
  return text.replaceAll(/^( *)(`{3,}).*?^\1\2 *$/gms, (block) => block.replaceAll(/[^\n]/g, ' '))
}

function withoutCode(text: string): string {
  return withoutBlocks(text).replaceAll(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, (code) =>
    code.replaceAll(/[^\n]/g, ' '),
  )
}
