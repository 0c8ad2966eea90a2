import { fileURLToPath } from 'node:url'
import { readOptions, UsageError } from './options.js'
import { startExample } from './start-example.js'

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env)
  const webDirectory = fileURLToPath(new URL('../web', import.meta.url))
  const example = await startExample(options, webDirectory)

  console.log(`\n  The page:     ${example.url}`)
  if (example.emulator === null) {
    console.log(
      '  It works on:  your Clerk instance. What is changed on the page is changed there.',
    )
    if (options.clerk?.publishableKey.startsWith('pk_test_')) {
      console.log('                It is a development instance, which Clerk caps at 100 users.')
    }
  } else {
    console.log(`  It works on:  an emulator at ${example.emulator.url}, in memory`)
    console.log(`  Its key:      ${example.emulator.secretKey} (good for nothing else)`)
  }
  console.log('\n  Ctrl+C stops it.\n')

  let isStopping = false
  const stop = (): void => {
    // A second signal does not wait for an orderly end.
    if (isStopping) process.exit(1)
    isStopping = true
    void example.close().catch(fail)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

function fail(error: unknown): void {
  console.error(error instanceof UsageError ? error.message : error)
  process.exitCode = 1
}

main().catch(fail)
