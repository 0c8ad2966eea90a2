#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { help, readFlags } from './command/flags.js'
import { requestLine } from './command/request-line.js'
import { createTokens, tokenLines } from './command/session-tokens.js'
import { UsageError } from './command/usage-error.js'
import { openEmulator } from './emulator.js'

async function main(): Promise<void> {
  const asked = readFlags(process.argv.slice(2))
  if (asked.kind === 'help') {
    process.stdout.write(help)
    return
  }
  if (asked.kind === 'version') {
    process.stdout.write(`${ownVersion()}\n`)
    return
  }
  const { emulator, store } = await openEmulator({
    ...asked.options,
    // Nobody reads them here, and the process may run for weeks.
    keptRequests: 0,
    ...(!asked.isQuiet && {
      onRequest: (request) => {
        process.stdout.write(`${requestLine(request)}\n`)
      },
    }),
  })
  const tokens = await createTokens(emulator, store(), asked.tokens, asked).catch(
    async (error: unknown) => {
      await emulator.close()
      throw error
    },
  )
  const webhooks = emulator.webhooks && `\n  webhook secret  ${emulator.webhooks.secret}`
  const { CLERK_API_URL, CLERK_PUBLISHABLE_KEY, CLERK_JWT_KEY } = await emulator.environment()
  process.stdout.write(
    `Organization memberships at ${emulator.url}\n  secret key      ${emulator.secretKey}${webhooks ?? ''}\n` +
      `  CLERK_API_URL          ${CLERK_API_URL}\n  CLERK_PUBLISHABLE_KEY  ${CLERK_PUBLISHABLE_KEY}\n` +
      `  CLERK_JWT_KEY          for the session tokens of this run:\n${CLERK_JWT_KEY.trim()}\n` +
      tokens.map(tokenLines).join(''),
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // The second time the signal does what it always does.
    process.once(signal, () => {
      emulator.close().catch(fail)
    })
  }
}

function ownVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  const hint = error instanceof UsageError ? '\nSee --help.' : ''
  process.stderr.write(`${message}${hint}\n`)
  process.exitCode = 1
}

main().catch(fail)
