import type { TestProject } from 'vitest/node'
import { createPostgresFolder, startPostgres } from './postgres-server.js'

declare module 'vitest' {
  export interface ProvidedContext {
    postgresFolder: string
  }
}

/**
 * One server for all files of a run. It starts while the tests that do not need it run already; the others wait for it
 * in `postgresPool`.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await createPostgresFolder()
  project.provide('postgresFolder', folder)
  const starting = startPostgres({ folder })
  // Reported at the end of the run; the tests that wait for the server have timed out by then.
  starting.catch(() => {})
  return async () => {
    const server = await starting
    await server.stop()
  }
}
