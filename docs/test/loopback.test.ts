import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

interface Report {
  testResults: {
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[]
  }[]
}

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** A run of its own, since a test that the set-up fails cannot say so itself. */
async function runAttempts() {
  const vitest = fileURLToPath(new URL('../vitest.mjs', import.meta.resolve('vitest')))
  const config = pathOf('loopback/vitest.config.ts')
  const { PATH, HOME } = process.env
  const output = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [vitest, 'run', '--config', config, '--reporter=json'],
      { env: { PATH, HOME }, cwd: pathOf('loopback') },
      (_, stdout) => resolve(stdout),
    )
  })
  const { testResults } = JSON.parse(output) as Report
  return testResults.flatMap(({ assertionResults }) => assertionResults)
}

it('a test that opens a connection to another machine fails, and nothing is sent', async () => {
  const results = await runAttempts()
  const outside = results.filter(({ fullName }) => fullName.startsWith('outside'))
  const here = results.filter(({ fullName }) => fullName.startsWith('here'))
  expect([outside.length, here.length]).toEqual([9, 5])
  for (const { fullName, status, failureMessages } of outside) {
    // The one failure is that of the set-up: the body saw the refusal, and no connection.
    expect([fullName, status, failureMessages]).toEqual([
      fullName,
      'failed',
      [expect.stringMatching(/A test tried to reach \S+; tests talk to loopback only\./)],
    ])
  }
  for (const { fullName, status } of here) expect([fullName, status]).toEqual([fullName, 'passed'])
})
