import 'reflect-metadata'
import type { INestApplication, ModuleMetadata } from '@nestjs/common'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'

export const adapters = ['express', 'fastify'] as const
export type Adapter = (typeof adapters)[number]

@Module({})
class AppModule {}

export interface RunningApp {
  readonly app: INestApplication
  /** Without a slash at its end. */
  readonly url: string
  close(): Promise<void>
}

/** A Nest app as an app's `main.ts` starts it, on a free port. */
export async function startApp(
  adapter: Adapter,
  metadata: ModuleMetadata,
  configure: (app: INestApplication) => void = () => undefined,
): Promise<RunningApp> {
  const app = await createApp(adapter, metadata)
  configure(app)
  await app.listen(0, '127.0.0.1')
  return { app, url: await app.getUrl(), close: () => app.close() }
}

/** The same before it listens; for what must fail at start. */
export async function createApp(
  adapter: Adapter,
  metadata: ModuleMetadata,
): Promise<INestApplication> {
  return NestFactory.create(
    { module: AppModule, ...metadata },
    adapter === 'express' ? new ExpressAdapter() : new FastifyAdapter(),
    { logger: false, abortOnError: false },
  )
}
