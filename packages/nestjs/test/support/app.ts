import 'reflect-metadata'
import type { Server } from 'node:http'
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

export interface AppOptions {
  /** Whether Nest registers its own parsers. @default true */
  readonly bodyParser?: boolean
  /** HTTP/2 without TLS; on Fastify only, as Express has none. @default false */
  readonly http2?: boolean
}

/** A Nest app as an app's `main.ts` starts it, on a free port. */
export async function startApp(
  adapter: Adapter,
  metadata: ModuleMetadata,
  configure: (app: INestApplication) => void = () => undefined,
  options: AppOptions = {},
): Promise<RunningApp> {
  const app = await createApp(adapter, metadata, options)
  configure(app)
  // Node closes a connection after 5 s without a request, Fastify after 72 s. Client and server share one busy process
  // here: a client would come to use a connection in the moment in which it is closed (ECONNRESET).
  ;(app.getHttpServer() as Server).keepAliveTimeout = 72_000
  await app.listen(0, '127.0.0.1')
  return { app, url: await app.getUrl(), close: () => app.close() }
}

/** The same before it listens; for what must fail at start. */
export async function createApp(
  adapter: Adapter,
  metadata: ModuleMetadata,
  { bodyParser = true, http2 = false }: AppOptions = {},
): Promise<INestApplication> {
  const fastify = () => (http2 ? new FastifyAdapter({ http2 }) : new FastifyAdapter())
  return NestFactory.create(
    { module: AppModule, ...metadata },
    adapter === 'express' ? new ExpressAdapter() : fastify(),
    { logger: false, abortOnError: false, bodyParser },
  )
}
