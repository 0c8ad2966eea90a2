import { constants } from 'node:buffer'
import { type FileHandle, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { checkForm, checkSeed, SeedError } from '../seed/check.js'
import type { Seed } from '../seed/seed.js'
import { warn } from '../warning.js'
import { DataFileError } from './data-file-error.js'
import { type ChangeLine, changeLineSchema, type HeaderLine, journalFormat } from './lines.js'
import { type Lock, lockFile } from './lock.js'

export interface SavedState {
  readonly header: HeaderLine
  readonly changes: readonly ChangeLine[]
}

/** What a file may hold: it is read as one text. */
const maximumBytes = constants.MAX_STRING_LENGTH
/** Bytes of changes from which on a file is compacted, if they are as many as the rest of it. */
const compactionBytes = 1_048_576
const blockLength = 4 * 1_048_576

/**
 * Keeps every change in a file before it is acknowledged. What a write needs is one appended line; lines of requests
 * that come together go out together. When the lines outgrow the state they lead to, the file is compacted.
 */
export class Journal {
  readonly #path: string
  readonly #lock: Lock
  #file: FileHandle | undefined
  #waiting: string[] = []
  #flushing: Promise<void> | undefined
  #flushes = 0
  #broken: unknown
  /** The lines that lead from the seed to the present state. */
  #state: () => readonly ChangeLine[] = () => []
  #bytes = { header: 0, compacted: 0, now: 0 }

  private constructor(path: string, lock: Lock) {
    this.#path = path
    this.#lock = lock
  }

  /** @throws DataFileError where another emulator uses the file, or where it is none of the emulator's */
  static async open(given: string): Promise<{ journal: Journal; saved: SavedState | undefined }> {
    const path = await withoutLinks(given)
    const lock = await lockFile(path)
    try {
      return { journal: new Journal(path, lock), saved: await readState(path) }
    } catch (error) {
      await lock.release()
      throw error
    }
  }

  /**
   * Replaces the file by one that holds this seed and the present state, and no more. The old one stands until the new
   * one is whole. Changes made meanwhile wait, and follow in the new file.
   *
   * @param state the lines that lead from the seed to the present state, whenever it is asked
   */
  async rewrite(seed: Seed, state: () => readonly ChangeLine[]): Promise<void> {
    const running = this.#flushing
    const rewriting = (async () => {
      await running?.catch(() => {})
      // What waits is in the state already, or belongs to the one before it.
      this.#waiting = []
      this.#state = state
      const header: HeaderLine = { format: journalFormat, seed }
      await this.#replaceFile(() => [lineOf(header)])
    })()
    this.#flushing = this.#flush(rewriting)
    await this.saved()
  }

  append(line: ChangeLine): void {
    this.#waiting.push(lineOf(line))
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
        this.#lock.assertHeld()
        if (this.#isOvergrown()) await this.#compact()
        const lines = this.#waiting.splice(0).join('')
        const bytes = Buffer.byteLength(lines)
        assertFits(this.#path, this.#bytes.now + bytes)
        await this.#file?.appendFile(lines)
        this.#bytes.now += bytes
      }
    } catch (error) {
      if (this.#broken === undefined && error instanceof DataFileError) warn(error)
      this.#broken = error
      throw error
    } finally {
      // In the same turn as the last look at what waits, or a line could be left behind. A rewrite that began
      // meanwhile has put its own flush here.
      if (own === this.#flushes) this.#flushing = undefined
    }
  }

  #isOvergrown(): boolean {
    const { compacted, now } = this.#bytes
    return now - compacted > Math.max(compactionBytes, compacted)
  }

  /** A compaction that fails leaves the file as it is: nothing is lost, it only stays long. */
  async #compact(): Promise<void> {
    const waiting = this.#waiting
    // In the state already.
    this.#waiting = []
    try {
      await this.#replaceFile(() => blocksOf(this.#path, this.#bytes.header))
    } catch (error) {
      this.#waiting = [...waiting, ...this.#waiting]
      this.#bytes.compacted = this.#bytes.now
      warn(error)
    }
  }

  async #replaceFile(header: () => Iterable<string> | AsyncIterable<Uint8Array>): Promise<void> {
    const draft = `${this.#path}.new`
    const changes = this.#state()
    const file = await open(draft, 'w', 0o600)
    let bytes = { header: 0, now: 0 }
    const write = async (data: string | Uint8Array) => {
      bytes = { ...bytes, now: bytes.now + Buffer.byteLength(data) }
      assertFits(this.#path, bytes.now)
      await file.appendFile(data)
    }
    try {
      for await (const part of header()) await write(part)
      bytes = { ...bytes, header: bytes.now }
      let block = ''
      for (const change of changes) {
        block += lineOf(change)
        if (block.length < blockLength) continue
        await write(block)
        block = ''
      }
      await write(block)
      await file.sync()
      this.#lock.assertHeld()
      await rename(draft, this.#path)
    } catch (error) {
      await file.close()
      await rm(draft, { force: true })
      throw error
    }
    await this.#file?.close()
    this.#file = file
    this.#bytes = { ...bytes, compacted: bytes.now }
  }
}

/** One file has one name here, whatever links lead to it. */
async function withoutLinks(given: string): Promise<string> {
  const path = resolve(given)
  try {
    const real = await realpath(path)
    const { nlink } = await stat(real)
    if (nlink === 1) return real
    throw new DataFileError(`${given} has ${nlink} names (hard links); a data file has one.`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  try {
    return join(await realpath(dirname(path)), basename(path))
  } catch (error) {
    throw new DataFileError(`${given} cannot be written: there is no such folder.`, {
      cause: error,
    })
  }
}

async function* blocksOf(path: string, length: number): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r')
  try {
    for (let position = 0; position < length;) {
      const block = Buffer.alloc(Math.min(blockLength, length - position))
      const { bytesRead } = await file.read(block, 0, block.length, position)
      if (bytesRead === 0) throw new DataFileError(`${path} was cut off by another program.`)
      yield block.subarray(0, bytesRead)
      position += bytesRead
    }
  } finally {
    await file.close()
  }
}

function lineOf(line: HeaderLine | ChangeLine): string {
  return `${JSON.stringify(line)}\n`
}

function assertFits(path: string, bytes: number): void {
  if (bytes <= maximumBytes) return
  const megabytes = Math.floor(maximumBytes / 1_048_576)
  throw new DataFileError(
    `${path} would be larger than ${megabytes} MB, which is as much as a data file can hold.`,
  )
}

async function readState(path: string): Promise<SavedState | undefined> {
  await rm(`${path}.new`, { force: true })
  let text: string
  try {
    const { size } = await stat(path)
    if (size > maximumBytes) {
      throw new DataFileError(
        `${path} holds ${Math.ceil(size / 1_048_576)} MB; a data file can be read up to ${Math.floor(maximumBytes / 1_048_576)} MB.`,
      )
    }
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    if (error instanceof DataFileError) throw error
    throw new DataFileError(`${path} cannot be read.`, { cause: error })
  }
  if (text === '') {
    throw new DataFileError(
      `${path} is empty. A data file is made by the emulator itself; remove the empty one to start anew.`,
    )
  }
  // The text after the last line end is a line that was never finished.
  const lines = text.split('\n').slice(0, -1)
  const [first, ...rest] = lines
  if (first === undefined) throw new DataFileError(`${path} is not a data file of this emulator.`)
  const header = readHeader(path, first)
  return { header, changes: rest.map((line, index) => readLine(path, line, index + 2)) }
}

function readHeader(path: string, line: string): HeaderLine {
  const header = parseLine(path, line, 1) as Partial<HeaderLine>
  if (header.format !== journalFormat || header.seed === undefined) {
    throw new DataFileError(
      `${path} is not a data file of this emulator; its first line does not say '${journalFormat}'.`,
    )
  }
  const seed = checked(path, 1, () => checkSeed(header.seed, path))
  return { format: journalFormat, seed }
}

function readLine(path: string, line: string, number: number): ChangeLine {
  const parsed = parseLine(path, line, number)
  return checked(path, number, () =>
    checkForm(changeLineSchema, parsed, path, 'the line'),
  ) as ChangeLine
}

function checked<T>(path: string, number: number, check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof SeedError)) throw error
    const [first] = error.problems
    throw new DataFileError(
      `${path} is damaged: line ${number}: ${first?.path}: ${first?.reason}.`,
      { cause: error },
    )
  }
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
