import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'

// The README's recipes for Jest and Playwright, each in a project that has nothing but them.

const run = promisify(execFile)
const packages = fileURLToPath(new URL('../../', import.meta.url))
const here = fileURLToPath(new URL('./', import.meta.url))
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recipes-'))
  const wanted = ['jest@29.7.0', '@jest/globals@29.7.0', '@playwright/test@1.65.1']
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--prefix', folder]
  await run('npm', ['install', ...flags, ...wanted], { cwd: folder })
  const modules = join(folder, 'node_modules')
  await mkdir(join(modules, '@org-memberships'))
  for (const name of ['core', 'emulator']) {
    await symlink(join(packages, name), join(modules, '@org-memberships', name))
  }
  // As npm does for the command of a package.
  await chmod(join(packages, 'emulator/dist/command.js'), 0o755)
  await symlink(
    join(packages, 'emulator/dist/command.js'),
    join(modules, '.bin/org-memberships-emulator'),
  )
})
afterAll(() => rm(folder, { recursive: true }))

/** A folder of its own, with the files of a recipe and the seed. */
async function place(recipe: string): Promise<string> {
  const own = join(folder, recipe)
  await cp(join(here, recipe), own, { recursive: true })
  await cp(join(here, '../test/recipes/seed.json'), join(own, 'seed.json'))
  return own
}

it('Jest', async () => {
  const cwd = await place('jest')
  const jest = join(folder, 'node_modules/jest/bin/jest.js')
  const { stderr } = await run(process.execPath, ['--experimental-vm-modules', jest], { cwd })
  expect(stderr).toContain('1 passed')
})

it('Playwright', async () => {
  const cwd = await place('playwright')
  const env = { ...process.env, CI: 'true' }
  const { stdout } = await run('npx', ['playwright', 'test', '--reporter=line'], { cwd, env })
  expect(stdout).toContain('1 passed')
})
