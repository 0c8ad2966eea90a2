import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { expect, it } from 'vitest'

/**
 * What `@clerk/backend` checks has changed from one minor version to the next (below 3.17 tokens of one instance were good
 * at another). So the range holds the release line that these tests run on, from the version that is installed here;
 * with a newer one in the catalog it moves along.
 */
it('takes the release line of @clerk/backend that the tests run on', async () => {
  const manifest = await readJSON(new URL('../package.json', import.meta.url))
  const entry = createRequire(import.meta.url).resolve('@clerk/backend/package.json')
  const { version } = await readJSON(entry)
  expect(manifest.peerDependencies?.['@clerk/backend']).toBe(`~${version}`)
})

interface Manifest {
  readonly version: string
  readonly peerDependencies?: { readonly [name: string]: string }
}

async function readJSON(path: string | URL): Promise<Manifest> {
  return JSON.parse(await readFile(path, 'utf8')) as Manifest
}
