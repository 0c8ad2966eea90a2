import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'

// The table of promises names tests; a test that was renamed or removed must not leave its promise behind.
const document = new URL('../security.md', import.meta.url)
const text = await readFile(document, 'utf8')
const table = text.slice(text.indexOf('## The promises and their tests'))
const rows = table.split('\n').filter((line) => /^\| (?!Promise|-)/.test(line))
const cited = rows.flatMap((row) =>
  [...row.matchAll(/\[[\w.-]+\]\(([^)]+)\): _(.+?)_(?=,| \|| +\|)/g)].map(
    ([, file = '', name = '']) => ({
      file,
      name,
    }),
  ),
)

describe('docs/security.md', () => {
  it('names a test for each promise', () => {
    expect(rows.length).toBeGreaterThan(20)
    expect(rows.filter((row) => !/\]\([^)]+\): _/.test(row))).toEqual([])
    expect(cited.length).toBeGreaterThanOrEqual(rows.length)
  })

  it.each(cited)('$file has $name', async ({ file, name }) => {
    const source = await readFile(new URL(file, document), 'utf8')
    // As it stands there: quotes of a title may be escaped.
    expect(source.replaceAll('\\', '').includes(name), `${file} has no test '${name}'.`).toBe(true)
  })
})
