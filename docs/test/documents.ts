import { readdir } from 'node:fs/promises'
import { pathToFileURL, URL } from 'node:url'

/** The root of the repository. By Node's URL: a test with a browser's globals has another one, which files are not read by. */
export const root = new URL('../../', pathToFileURL(`${import.meta.dirname}/`))

const foreign = new Set([
  'node_modules',
  'dist',
  'build',
  'coverage',
  'packed',
  '.git',
  '.turbo',
  'reference',
])

/** Every Markdown file of the repository that is written here, as a path from its root. */
export async function findDocuments(folder = ''): Promise<string[]> {
  const entries = await readdir(new URL(folder, root), { withFileTypes: true })
  const found = await Promise.all(
    entries.map((entry) => {
      const path = `${folder}${entry.name}`
      if (entry.isDirectory()) return foreign.has(entry.name) ? [] : findDocuments(`${path}/`)
      return entry.name.endsWith('.md') ? [path] : []
    }),
  )
  return found.flat()
}

/** A name without slashes, such as `packages-core` for `packages/core/README.md`. */
export function nameOf(document: string): string {
  return document.replace(/(\/README)?\.md$/, '').replaceAll('/', '-')
}
