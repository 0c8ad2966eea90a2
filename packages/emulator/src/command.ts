#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { createEmulator } from './emulator.js'
import { SeedError } from './seed/check.js'

const help = `Usage: org-memberships-emulator [options]

  --port <number>       port to listen on (default 9899; 0 takes a free one)
  --host <address>      address to listen on (default 127.0.0.1)
  --seed <file>         what the instance holds at the start
  --secret-key <key>    the key that requests must carry (default sk_test_local)
  --help                show this text
`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '9899' },
      host: { type: 'string', default: '127.0.0.1' },
      seed: { type: 'string' },
      'secret-key': { type: 'string', default: 'sk_test_local' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return
  }
  const emulator = await createEmulator({
    port: Number(values.port),
    host: values.host,
    secretKey: values['secret-key'],
    ...(values.seed !== undefined && { seed: values.seed }),
  })
  process.stdout.write(`Organization memberships at ${emulator.url}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void emulator.close())
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof SeedError ? error.message : String(error)}\n`)
  process.exitCode = 1
})
