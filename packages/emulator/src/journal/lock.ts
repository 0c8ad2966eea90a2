import { randomUUID } from 'node:crypto'
import { link, readFile, readlink, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { DataFileError } from './data-file-error.js'

export interface Lock {
  /** @throws DataFileError when somebody took the lock away */
  assertHeld(): void
  release(): Promise<void>
}

/** ms between two signs of life, and how long none may come before a holder that cannot be asked counts as gone. */
const beat = 500
const silence = 2500

/**
 * Who holds a lock. A process number says little by itself: it means another process in another container, and the
 * same number comes back after a restart.
 */
interface Holder {
  /** Different for each lock ever taken. */
  readonly token: string
  readonly pid: number
  /** Machine, boot and process namespace: where the number counts. */
  readonly place: string
  /** When the process started, as far as the system says. */
  readonly started: string
}

/**
 * Keeps two emulators from writing one data file, in one process, in two threads, processes or containers.
 *
 * ```
 * take:      write a draft, link it to FILE.lock     one step that only one of many can do
 * hold:      touch FILE.lock every 500 ms
 * take over: only from a holder that is surely gone: its process has ended, or nothing touched the lock for 2.5 s
 * ```
 *
 * @param path without symbolic links
 */
export async function lockFile(path: string): Promise<Lock> {
  const lockPath = `${path}.lock`
  const own: Holder = { token: randomUUID(), pid: process.pid, ...(await whereabouts('self')) }
  const draft = `${lockPath}.${own.token}`
  try {
    await writeFile(draft, JSON.stringify(own), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    throw new DataFileError(`${lockPath} cannot be written.`, { cause: error })
  }
  try {
    await take(path, lockPath, draft, own)
  } finally {
    await rm(draft, { force: true })
  }
  return hold(path, lockPath, own)
}

async function take(path: string, lockPath: string, draft: string, own: Holder): Promise<void> {
  // Each round ends with the lock, with an error, or because the lock was let go in the meantime.
  for (let round = 0; round < 20; round += 1) {
    if (await linkTo(draft, lockPath)) return
    const holder = await readHolder(lockPath)
    if (holder === undefined) continue
    if (!(await isGone(holder, own, lockPath))) {
      throw new DataFileError(
        `${path} is used by ${descriptionOf(holder, own)}. If that is no emulator, remove ${lockPath}.`,
      )
    }
    await removeLeftover(lockPath, holder)
  }
  throw new DataFileError(`${path} is being taken by several processes at once.`)
}

/** @returns false where there is such a file already */
async function linkTo(draft: string, lockPath: string): Promise<boolean> {
  try {
    await link(draft, lockPath)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw new DataFileError(`${lockPath} cannot be written.`, { cause: error })
  }
}

/**
 * Two may find the same leftover. Each moves it aside under a name of the leftover's own, and only what really is the
 * leftover is thrown away: a lock that was taken in the meantime goes back.
 */
async function removeLeftover(lockPath: string, holder: Holder): Promise<void> {
  const aside = `${lockPath}.${holder.token}.${randomUUID()}`
  try {
    await rename(lockPath, aside)
  } catch {
    return
  }
  const moved = await readHolder(aside)
  if (moved !== undefined && moved.token !== holder.token) await linkTo(aside, lockPath)
  await rm(aside, { force: true })
}

function hold(path: string, lockPath: string, own: Holder): Lock {
  let lost = false
  const showLife = async () => {
    const holder = await readHolder(lockPath)
    if (holder?.token !== own.token) {
      lost = true
      return
    }
    const now = new Date()
    await utimes(lockPath, now, now)
  }
  // A beat that fails for once, on a busy network drive say, is no reason to stop.
  const timer = setInterval(() => void showLife().catch(() => {}), beat)
  timer.unref()
  return {
    assertHeld() {
      if (!lost) return
      throw new DataFileError(`${lockPath} was removed or replaced; ${path} is no longer written.`)
    },
    async release() {
      clearInterval(timer)
      const holder = await readHolder(lockPath).catch(() => undefined)
      if (holder?.token === own.token) await rm(lockPath, { force: true })
    },
  }
}

/** `undefined` where there is no lock any more. */
async function readHolder(lockPath: string): Promise<Holder | undefined> {
  let text: string
  try {
    text = await readFile(lockPath, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new DataFileError(`${lockPath} cannot be read.`, { cause: error })
  }
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null
    if (typeof holder?.token === 'string' && /^[\w-]+$/.test(holder.token)) return holder as Holder
  } catch {
    // Falls through to the one error below.
  }
  throw new DataFileError(
    `${lockPath} is not a lock of this emulator. If nothing uses the data file, remove it.`,
  )
}

/** Only where the process number counts can the system be asked; elsewhere the signs of life decide. */
async function isGone(holder: Holder, own: Holder, lockPath: string): Promise<boolean> {
  if (holder.place === own.place && holder.pid !== own.pid) {
    if (!isRunning(holder.pid)) return true
    const { started } = await whereabouts(holder.pid)
    // Another process has got the number since. Where the system does not tell, the number decides.
    return started !== '' && holder.started !== '' && started !== holder.started
  }
  if (holder.place === own.place && holder.started !== own.started) return true
  // This very process (another emulator, or another thread that may have been ended), or another machine.
  const before = await touchedAt(lockPath)
  if (Date.now() - before < silence && holder.place === own.place) return false
  const rounds = Math.ceil(silence / 100)
  for (let round = 0; round < rounds; round += 1) {
    await sleep(100)
    if ((await touchedAt(lockPath)) !== before) return false
  }
  return true
}

async function touchedAt(lockPath: string): Promise<number> {
  try {
    return (await stat(lockPath)).mtimeMs
  } catch {
    return 0
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Linux tells all of it. Elsewhere a machine has one process namespace, and starts are not compared. */
async function whereabouts(pid: number | 'self'): Promise<Pick<Holder, 'place' | 'started'>> {
  const read = (file: string) => readFile(file, 'utf8').catch(() => '')
  const [boot, line, space] = await Promise.all([
    read('/proc/sys/kernel/random/boot_id'),
    read(`/proc/${pid}/stat`),
    readlink('/proc/self/ns/pid').catch(() => ''),
  ])
  // The name of the program, in brackets, may hold blanks; the start is the 20th field after it.
  const started = line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  return { place: [hostname(), boot.trim(), space].join(' '), started }
}

function descriptionOf(holder: Holder, own: Holder): string {
  if (holder.place !== own.place) return `a process of another machine or container`
  return holder.pid === own.pid ? 'another emulator of this process' : `process ${holder.pid}`
}
