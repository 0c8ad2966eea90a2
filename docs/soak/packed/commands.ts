import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { promisify } from 'node:util'

/** How pnpm is called wherever no pnpm is installed: in the version that the root package.json names. */
export function pnpmCommand(): [string, ...string[]] {
  const root = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  const { devEngines } = JSON.parse(root) as {
    devEngines: { packageManager: { version: string } }
  }
  return ['npx', '--yes', `pnpm@${devEngines.packageManager.version}`]
}

/**
 * The environment without what the test runner and the package manager above it have put there: an app of somebody
 * else's has none of it. Where the registry is, and how to reach it, stays.
 */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const reaching = /^npm_config_(.*registry|userconfig|cache|cafile|.*proxy)$/
  const foreign = /^(npm_|pnpm_|PNPM_|VITEST|NODE_ENV$|NODE_OPTIONS$|NODE_PATH$)/
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => reaching.test(name) || !foreign.test(name)),
  )
}

/** Runs a program to its end. @throws Error with all that it printed, unless it exits with 0 */
export async function run(
  command: readonly [string, ...string[]],
  options: { cwd: string; timeout?: number; env?: { [name: string]: string } },
): Promise<string> {
  const { cwd, timeout = 240_000, env } = options
  const [program, ...parameters] = command
  try {
    const { stdout } = await promisify(execFile)(program, parameters, {
      cwd,
      timeout,
      killSignal: 'SIGKILL',
      env: { ...cleanEnvironment(), ...env },
      maxBuffer: 16 * 2 ** 20,
    })
    return stdout
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`${command.join(' ')}\n${stdout}\n${stderr}`, { cause: error })
  }
}
