import { open, readFile, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { DataFileError } from './data-file-error.js'

export interface Lock {
  release(): Promise<void>
}

/**
 * Keeps two processes from writing one data file: a file beside it holds the number of the process that does. The
 * lock of a process that is gone is taken over.
 */
export async function lockFile(path: string): Promise<Lock> {
  const lockPath = `${resolve(path)}.lock`
  if (ownLocks.has(lockPath)) {
    throw new DataFileError(`${path} is used by another emulator of this process.`)
  }
  if (!(await take(lockPath))) {
    const holder = Number(await readFile(lockPath, 'utf8').catch(() => ''))
    if (holder !== process.pid && isRunning(holder)) {
      throw new DataFileError(
        `${path} is used by process ${holder}. If that is no emulator, remove ${lockPath}.`,
      )
    }
    await rm(lockPath, { force: true })
    if (!(await take(lockPath))) {
      throw new DataFileError(`${path} was just taken by another process.`)
    }
  }
  ownLocks.add(lockPath)
  return {
    async release() {
      ownLocks.delete(lockPath)
      await rm(lockPath, { force: true })
    },
  }
}

const ownLocks = new Set<string>()

async function take(lockPath: string): Promise<boolean> {
  try {
    const file = await open(lockPath, 'wx', 0o600)
    await file.writeFile(String(process.pid))
    await file.close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw new DataFileError(`${lockPath} cannot be written.`, { cause: error })
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
