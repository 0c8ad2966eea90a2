import compression from 'compression'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import type { Emulator } from '@org-memberships/emulator'
import { AppModule } from './app.module.js'
import { type ExampleOptions, UsageError } from './options.js'
import { pageHeaders } from './page-headers.js'
import { findPort, portError } from './port.js'
import { createDemoOrganization, type DemoOrganization } from './seed/demo-organization.js'
import type { Settings } from './settings.js'
import { openUpstream } from './upstream.js'

export interface Example {
  /** The page, and below `/api` the backend. */
  readonly url: string
  readonly mode: Settings['mode']
  /** `null` with real Clerk. */
  readonly emulator: Emulator | null
  close(): Promise<void>
}

/**
 * Starts the page and the backend behind one URL, and the emulator that they work on (none with real Clerk).
 *
 * @param webDirectory the built page
 * @param organization what the emulator holds at first; a test may do with a smaller one
 * @throws UsageError with what to change, when it cannot start as asked
 */
export async function startExample(
  options: ExampleOptions,
  webDirectory: string,
  organization: () => DemoOrganization = createDemoOrganization,
): Promise<Example> {
  if (!existsSync(join(webDirectory, 'index.html'))) {
    throw new UsageError('The page is not built yet: run the build first.')
  }
  const port = await findPort(options.port, options.host)
  const url = `http://localhost:${port}`
  const { emulator, settings } = await openUpstream(options, url, organization)
  try {
    const app = await createApp(settings, webDirectory)
    const close = async (): Promise<void> => {
      await app.close()
      await emulator?.close()
    }
    try {
      await app.listen(port, options.host)
    } catch (error) {
      await app.close()
      throw portError(error, port, options.host)
    }
    return { url, mode: settings.mode, emulator, close }
  } catch (error) {
    await emulator?.close()
    throw error
  }
}

async function createApp(
  settings: Settings,
  webDirectory: string,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(settings), {
    logger: ['error', 'warn'],
    abortOnError: false,
    // A browser keeps connections open; stopping does not wait for them.
    forceCloseConnections: true,
  })
  app.disable('x-powered-by')
  app.setGlobalPrefix('api')
  app.use(pageHeaders(settings))
  // Most deployments leave this to a proxy in front.
  app.use(compression())
  // The names of these have a hash of what is in them.
  app.useStaticAssets(join(webDirectory, 'assets'), {
    prefix: '/assets',
    immutable: true,
    maxAge: '1y',
  })
  app.useStaticAssets(webDirectory)
  return app
}
