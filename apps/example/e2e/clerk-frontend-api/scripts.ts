import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const { resolve } = createRequire(import.meta.url)

// Each package's main file is in the folder whose files Clerk serves.
const folders: { [name: string]: string } = {
  'clerk-js': dirname(resolve('@clerk/clerk-js')),
  ui: dirname(resolve('@clerk/ui')),
}

/** A script of Clerk's, from npm as it is, by its address: `/npm/@clerk/clerk-js@6/dist/clerk.browser.js`. */
export async function readClerkScript(pathname: string): Promise<Buffer | null> {
  const [, name = '', file = ''] =
    /^\/npm\/@clerk\/([a-z-]+)@[\d.]+\/dist\/([\w.-]+\.js)$/.exec(pathname) ?? []
  const folder = folders[name]
  return folder === undefined ? null : readFile(join(folder, file))
}
