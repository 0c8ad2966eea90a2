import { tmpdir } from 'node:os'
import process from 'node:process'
import { run } from './commands.js'

/** The first release of each line that `engines` admits, the newest of it, and the newest of all. */
export const nodeVersions = [
  '20.19.0',
  '20.20.2',
  '22.12.0',
  '22.23.3',
  '24.0.0',
  '24.21.0',
  '26.10.0',
] as const

/** The path of a Node binary of that version, from npm: nothing is installed but npm's own cache. */
export async function nodeBinary(version: string): Promise<string> {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${platform}-${process.arch}@${version}`
  const printed = await run(
    ['npx', '--yes', '--prefer-offline', '-p', name, '--', 'node', '-p', 'process.execPath'],
    { cwd: tmpdir() },
  )
  return printed.trim()
}
