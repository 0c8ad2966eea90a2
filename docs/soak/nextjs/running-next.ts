import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { cleanEnvironment } from '../packed/commands.js'
import { nextCommand, nextEnvironment } from './guide-app.js'

export interface RunningNext {
  /** As a browser is told of it: `http://localhost:PORT`. */
  readonly origin: string
  /** All that it has printed so far. */
  log(): string
  close(): Promise<void>
}

/** `next start` on a free port. */
export async function startNext(
  folder: string,
  env: { [name: string]: string },
): Promise<RunningNext> {
  const next = spawn(process.execPath, [nextCommand(folder), 'start', '-p', '0'], {
    cwd: folder,
    env: { ...cleanEnvironment(), ...nextEnvironment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(next, 'exit')
  let printed = ''
  const ready = new Promise<string>((resolve, reject) => {
    for (const stream of [next.stdout, next.stderr]) {
      createInterface(stream).on('line', (line) => {
        printed += `${line}\n`
        const [origin] = /http:\/\/localhost:\d+/.exec(line) ?? []
        if (origin !== undefined) resolve(origin)
      })
    }
    next.once('exit', (code) => reject(new Error(`next start ended with ${code}.\n${printed}`)))
  })
  const close = async () => {
    if (next.exitCode === null && next.signalCode === null) next.kill('SIGTERM')
    const timer = setTimeout(() => next.kill('SIGKILL'), 5000)
    await ended
    clearTimeout(timer)
  }
  return { origin: await ready, log: () => printed, close }
}
