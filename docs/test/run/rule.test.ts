import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { findDocuments, nameOf } from '../documents.js'
import { isProgram, readSamples } from '../markdown-samples.js'
import { browserTestOf } from './page.js'

// A sample that does not run misleads whoever copies it. So each document with programs in it has a test beside this one
// that runs them, and that says of the rest why they are not run.
const documents = await findDocuments()
const samples = await Promise.all(documents.map(readSamples))
const withPrograms = documents.filter((_, index) => samples[index]?.some(isProgram))

it.each(withPrograms)('%s has a test that runs its samples', async (document) => {
  const test = new URL(`${nameOf(document)}.test.ts`, import.meta.url)
  expect(await readFile(test, 'utf8')).toMatch(isComplete(document, 'open'))
  const browserTest = browserTestOf(document)
  if (!existsSync(browserTest)) return
  expect(await readFile(browserTest, 'utf8')).toMatch(isComplete(document, 'openInBrowser'))
})

function isComplete(document: string, how: string): RegExp {
  return new RegExp(`Page\\.${how}\\('${document}'\\).*^page\\.itLeavesNothingOut\\(\\)$`, 'ms')
}
