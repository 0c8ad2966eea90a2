import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Pool, type PoolConfig } from 'pg'
import { inject, onTestFinished, vi } from 'vitest'
import { connectionTo, type PostgresConnection } from './postgres-server.js'

/** How to reach the server of this run, once it is there. */
export async function postgresConnection(): Promise<PostgresConnection> {
  const folder = inject('postgresFolder')
  await vi.waitUntil(() => existsSync(join(folder, 'ready')), { timeout: 60_000, interval: 20 })
  return connectionTo(folder)
}

/** A pool of connections to the server of this run. */
export async function openPool(config: PoolConfig = {}): Promise<Pool> {
  return new Pool({ ...(await postgresConnection()), ...config })
}

/** The same, ended with the test. */
export async function postgresPool(config: PoolConfig = {}): Promise<Pool> {
  const pool = await openPool(config)
  onTestFinished(() => pool.end())
  return pool
}

let schemas = 0

/** A schema that no other test of this run uses. */
export function ownSchema(): string {
  schemas += 1
  return `mirror_${process.pid}_${process.env['VITEST_WORKER_ID'] ?? 0}_${schemas}`
}
