import { readdir } from 'node:fs/promises'

/** The root of the repository. */
export const root = new URL('../../', import.meta.url)

const foreign = new Set(['node_modules', 'dist', 'build', 'coverage', 'packed', '.git', '.turbo'])

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
