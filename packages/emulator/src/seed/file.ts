import { readFile } from 'node:fs/promises'
import { SeedError } from './check.js'

/**
 * Reads a seed file, JSON.
 *
 * @throws SeedError where the file cannot be read or parsed
 */
export async function readSeedFile(path: string | URL): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new SeedError(String(path), [
      { path: 'the file', reason: `cannot be read (${(error as NodeJS.ErrnoException).code})` },
    ])
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new SeedError(String(path), [
      { path: 'the file', reason: `is not JSON (${(error as Error).message})` },
    ])
  }
}
