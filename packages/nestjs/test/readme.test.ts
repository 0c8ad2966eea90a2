import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { afterAll, describe, expect, it, vi } from 'vitest'

// The docs compile every sample. This one is run, with the files that it imports, against the package as it is built.
const folder = new URL('coverage/readme-samples/', import.meta.url)

describe('README.md', () => {
  afterAll(() => rm(new URL('../', folder), { recursive: true, force: true }))

  it('has a testing sample that runs and prints what it says', async () => {
    const text = await readFile(new URL('../README.md', import.meta.url), 'utf8')
    const samples = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code)
    await mkdir(new URL('src/', folder), { recursive: true })
    const named = samples.flatMap((code) => {
      const name = /^\/\/ (\S+\.ts)\n/.exec(code)?.[1]
      return name === undefined ? [] : [writeFile(new URL(name, folder), code)]
    })
    expect(named).toHaveLength(2)
    await Promise.all(named)
    const sample = samples.find((code) => code.includes('createTestingModule(')) ?? ''
    const [, printed] = /console\.log\(.*\) \/\/ (\S+)/.exec(sample) ?? []
    expect(printed).toBe('200')
    const file = new URL('sample.ts', folder)
    await writeFile(file, `import 'reflect-metadata'\n${sample}`)

    const log = vi.spyOn(console, 'log').mockReturnValue()
    await import(file.href)
    expect(log).toHaveBeenCalledWith(Number(printed))
    log.mockRestore()
  })

  it('documents the Jest setting that the soak test uses', async () => {
    const text = await readFile(new URL('../README.md', import.meta.url), 'utf8')
    const app = new URL('../soak/apps/nest11/package.json', import.meta.url)
    const { jest } = JSON.parse(await readFile(app, 'utf8')) as { jest: object }
    const [, documented = ''] = /^```json\n(.*?)^```$/ms.exec(text) ?? []
    expect(jest).toMatchObject(JSON.parse(documented) as object)
  })
})
