import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { root } from '../documents.js'

// What a reader installs is here already: `npx` runs it from where it is.
const programs = {
  tsc: 'node_modules/typescript/bin/tsc',
  vite: 'docs/node_modules/vite/bin/vite.js',
  vitest: 'node_modules/vitest/vitest.mjs',
  'org-memberships-emulator': 'packages/emulator/dist/command.js',
}

const ownCurl = fileURLToPath(new URL('docs/test/run/curl.js', root))

const prelude = [
  'set -e',
  `command -v curl > /dev/null || curl() { '${process.execPath}' '${ownCurl}' "$@"; }`,
  'npx() { case "$1" in',
  ...Object.entries(programs).map(
    ([name, path]) =>
      `${name}) shift; '${process.execPath}' '${fileURLToPath(new URL(path, root))}' "$@" ;;`,
  ),
  '*) echo "npx $1: not one of these tests" >&2; exit 1 ;; esac; }\n',
].join('\n')

/** A sample of the command line, where it is to run, and with which variables. */
export interface Command {
  readonly code: string
  readonly folder: URL
  readonly environment?: { readonly [name: string]: string }
}

export interface Outcome {
  readonly output: string
  readonly status: number
}

/** Runs commands that end by themselves. What they write to either side is `output`. */
export async function runCommand(command: Command): Promise<Outcome> {
  const parameters = ['-c', `exec 2>&1\n${prelude}${command.code}`]
  try {
    const { stdout } = await promisify(execFile)('bash', parameters, settingsOf(command))
    return { output: stdout, status: 0 }
  } catch (error) {
    const { stdout = '', code } = error as { stdout?: string; code?: number }
    return { output: stdout, status: code ?? 1 }
  }
}

export interface RunningCommand extends AsyncDisposable {
  /** Waits for a line that matches, and gives the match. */
  line(pattern: RegExp): Promise<RegExpExecArray>
}

/** Starts a command that runs until it is stopped. */
export function startCommand(command: Command): RunningCommand {
  const child = spawn('bash', ['-c', `exec 2>&1\n${prelude}${command.code}`], {
    ...settingsOf(command),
    // A group of its own, so that what bash has started ends with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const lines: string[] = []
  const reader = createInterface(child.stdout)
  reader.on('line', (line) => lines.push(line))
  return {
    async line(pattern) {
      for (;;) {
        const match = lines.map((line) => pattern.exec(line)).find((found) => found !== null)
        if (match) return match
        if (child.exitCode !== null) throw new Error(`It ended early:\n${lines.join('\n')}`)
        await Promise.race([once(reader, 'line'), ended])
      }
    },
    async [Symbol.asyncDispose]() {
      stop(child)
      await ended
    },
  }
}

function stop({ pid, exitCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGTERM')
}

function settingsOf({ folder, environment }: Command) {
  // A test runner that a sample starts is not to take itself for a part of this one.
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|TEST$|NODE_ENV$)/.test(name),
  )
  return {
    cwd: fileURLToPath(folder),
    env: { ...Object.fromEntries(own), NO_COLOR: '1', ...environment },
  }
}
