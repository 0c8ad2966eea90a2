import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Entry {
  /** What an app imports, such as `@org-memberships/nestjs/testing`. */
  readonly specifier: string
  /** The declaration file behind it. */
  readonly declarations: string
}

const packages = new URL('../../packages/', import.meta.url)

/** Every entry that a published package lets an app import. */
export function publishedEntries(): Entry[] {
  return readdirSync(packages).flatMap((folder) => {
    const root = new URL(`${folder}/`, packages)
    const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as Manifest
    return Object.entries(manifest.exports).flatMap(([subpath, target]) => {
      // './package.json' is there for tools.
      if (typeof target === 'string') return []
      const specifier = `${manifest.name}${subpath.slice(1)}`
      return [{ specifier, declarations: fileURLToPath(new URL(target.types, root)) }]
    })
  })
}

interface Manifest {
  readonly name: string
  readonly exports: { readonly [subpath: string]: string | { readonly types: string } }
}
