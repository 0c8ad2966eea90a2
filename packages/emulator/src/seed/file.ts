import { readFile } from 'node:fs/promises'
import { SeedError } from './check.js'

/**
 * Reads a seed file: YAML where its name ends in `.yaml` or `.yml`, JSON otherwise.
 *
 * @throws SeedError where the file cannot be read or parsed
 */
export async function readSeedFile(path: string | URL): Promise<unknown> {
  const source = String(path)
  let text: string
  try {
    // Some editors put a byte order mark at the start, which no parser of JSON takes.
    text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`
    throw new SeedError(source, [{ path: 'the file', reason }])
  }
  const isYAML = /\.ya?ml$/i.test(source)
  try {
    return isYAML ? await parseYAML(text) : JSON.parse(text)
  } catch (error) {
    const reason = `is not ${isYAML ? 'YAML' : 'JSON'} (${(error as Error).message.split('\n')[0]})`
    throw new SeedError(source, [{ path: 'the file', reason }])
  }
}

/** Loaded at its first use: most emulators are seeded otherwise, and start sooner without it. */
async function parseYAML(text: string): Promise<unknown> {
  const { parse } = await import('yaml')
  return JSON.parse(JSON.stringify(parse(text)))
}
