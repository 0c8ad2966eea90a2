import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises'
import type { Store } from '../store/store.js'
import {
  type ChangeLine,
  type HeaderLine,
  journalFormat,
  type PendingEvent,
  putLine,
  removeLine,
} from './lines.js'
import type { Seed } from '../seed/seed.js'
import { DataFileError } from './data-file-error.js'
import { lockFile, type Lock } from './lock.js'

export interface SavedState {
  readonly header: HeaderLine
  readonly changes: readonly ChangeLine[]
}

/**
 * Keeps every change in a file before it is acknowledged. What a write needs is one appended line; lines of requests
 * that come together go out together.
 */
export class Journal {
  readonly #path: string
  readonly #lock: Lock
  #file: FileHandle | undefined
  #waiting: string[] = []
  #flushing: Promise<void> | undefined
  #flushes = 0
  #broken: unknown

  private constructor(path: string, lock: Lock) {
    this.#path = path
    this.#lock = lock
  }

  /** @throws DataFileError where another process uses the file, or where it is none of the emulator's */
  static async open(path: string): Promise<{ journal: Journal; saved: SavedState | undefined }> {
    const lock = await lockFile(path)
    try {
      return { journal: new Journal(path, lock), saved: await readState(path) }
    } catch (error) {
      await lock.release()
      throw error
    }
  }

  /**
   * Replaces the file by one that holds this state and no more: the seed, and what the store changed since. The old one stands until the new one is whole.
   * Changes made meanwhile wait, and follow in the new file.
   */
  async rewrite(seed: Seed, store: Store, events: readonly PendingEvent[]): Promise<void> {
    const running = this.#flushing
    const rewriting = (async () => {
      await running?.catch(() => {})
      // What waits is in the state already, or belongs to the one before it.
      this.#waiting = []
      const { removed, put } = store.changed()
      const changes = [...Array.from(removed, removeLine), ...put.map(putLine)]
      await this.#replaceFile({ format: journalFormat, seed, events }, changes)
    })()
    this.#flushing = this.#flush(rewriting)
    await this.saved()
  }

  append(line: ChangeLine): void {
    this.#waiting.push(`${JSON.stringify(line)}\n`)
    this.#flushing ??= this.#flush(Promise.resolve())
    // Whoever must know awaits `saved`.
    this.#flushing.catch(() => {})
  }

  /** Resolves when everything appended so far is in the file; rejects from the first failure on. */
  async saved(): Promise<void> {
    await this.#flushing
    if (this.#broken !== undefined) throw this.#broken
  }

  async close(): Promise<void> {
    await this.#flushing?.catch(() => {})
    await this.#file?.close()
    this.#file = undefined
    await this.#lock.release()
  }

  /** Waits first, so that the changes of one turn go out together. */
  async #flush(before: Promise<void>): Promise<void> {
    this.#flushes += 1
    const own = this.#flushes
    try {
      await before
      while (this.#waiting.length > 0) {
        // After a failure the file may end in half a line, so nothing may follow.
        if (this.#broken !== undefined) throw this.#broken
        const lines = this.#waiting.splice(0).join('')
        await this.#file?.appendFile(lines)
      }
    } catch (error) {
      this.#broken = error
      throw error
    } finally {
      // In the same turn as the last look at what waits, or a line could be left behind. A rewrite that began
      // meanwhile has put its own flush here.
      if (own === this.#flushes) this.#flushing = undefined
    }
  }

  async #replaceFile(header: HeaderLine, changes: readonly ChangeLine[]): Promise<void> {
    const draft = `${this.#path}.new`
    const file = await open(draft, 'w', 0o600)
    const lines = [header, ...changes].map((line) => `${JSON.stringify(line)}\n`)
    await file.appendFile(lines.join(''))
    await file.sync()
    await rename(draft, this.#path)
    await this.#file?.close()
    this.#file = file
  }
}

async function readState(path: string): Promise<SavedState | undefined> {
  await rm(`${path}.new`, { force: true })
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new DataFileError(`${path} cannot be read.`, { cause: error })
  }
  // The text after the last line end is a line that was never finished.
  const lines = text.split('\n').slice(0, -1)
  const [first, ...rest] = lines.map((line, index) => parseLine(path, line, index + 1))
  if (first === undefined) {
    if (text === '') return undefined
    throw new DataFileError(`${path} is not a data file of this emulator.`)
  }
  const header = first as Partial<HeaderLine>
  if (header.format !== journalFormat || header.seed === undefined) {
    throw new DataFileError(
      `${path} is not a data file of this emulator; its first line does not say '${journalFormat}'.`,
    )
  }
  return { header: header as HeaderLine, changes: rest as ChangeLine[] }
}

function parseLine(path: string, line: string, number: number): object {
  try {
    const parsed: unknown = JSON.parse(line)
    if (typeof parsed === 'object' && parsed !== null) return parsed
  } catch {
    // Falls through to the one error below.
  }
  throw new DataFileError(`${path} is damaged: line ${number} is not JSON.`)
}
