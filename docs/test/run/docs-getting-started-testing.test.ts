import { mkdir, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { Page } from './page.js'
import { runCommand } from './shell.js'

const page = await Page.open('docs/getting-started/testing.md')
const { folder } = page

it('leads to tests that pass', async () => {
  const { code } = page.sample('## 3. The test', 'npx vitest run')
  await page.writeNamed()
  const { output, status } = await runCommand({ code, folder })
  expect(output).toContain('Test Files  1 passed (1)')
  expect(output).toContain('Tests  5 passed (5)')
  expect(status).toBe(0)
  const shown = page.outputs('## 3. The test').join('')
  expect(withoutTimes(output)).toContain(withoutTimes(shown).split('\n')[0])

  const types = await runCommand({ code: 'npx tsc', folder })
  expect(types).toEqual({ output: '', status: 0 })
})

it('leads to tests of which one fails, whatever line of what they test is taken out', async () => {
  await page.writeNamed()
  const { code, fileName } = page.sample('## 2. What is to be tested')
  const test = page.sample('## 3. The test', 'beforeEach')
  const lines = code.trimEnd().split('\n')
  const first = lines.findIndex((line) => line.includes('function addToTeam')) + 1
  const bodies = lines
    .slice(first, -1)
    .map((_, index) => lines.filter((_line, other) => other !== first + index))
  await Promise.all(
    bodies.map(async (body, index) => {
      const place = new URL(`without-${index}/`, folder)
      await mkdir(new URL('src/', place), { recursive: true })
      await writeFile(new URL(fileName, place), body.join('\n'))
      await writeFile(new URL(test.fileName, place), test.code)
    }),
  )
  const { output } = await runCommand({ code: 'npx vitest run without-', folder })
  expect(output).toMatch(new RegExp(`Test Files  ${bodies.length} failed \\(${bodies.length}\\)`))
})

function withoutTimes(text: string): string {
  return text.replaceAll(/ \d+ms/g, '')
}

page.notRun('## 1. Install', 'npm install', {
  because: 'packed packages are installed into apps elsewhere',
  by: 'docs/soak/packed-packages.soak.ts',
})
page.itLeavesNothingOut()
