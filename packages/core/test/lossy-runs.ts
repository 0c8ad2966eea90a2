import { isOrganizationMembershipsError, OrganizationMembershipsClient } from '../src/index.js'
import { secretKey } from './fixtures.js'
import { LossyProxy } from './lossy-proxy.js'
import { Members } from './members-server.js'
import { randomFrom } from './random.js'
import { ScriptableServer } from './scriptable-server.js'

/** How runs behind a lossy connection ended, counted on the server afterwards. */
export interface LossyOutcome {
  cuts: number
  successes: number
  /** Ended in an error, but left what a success would have left; allowed, if the error says so. */
  errorsAfterEffect: number
  errorsWithoutEffect: number
  /** What must not be, described with its user. */
  faults: string[]
}

type Kind = 'create' | 'update' | 'updateMetadata' | 'delete'

export async function runLossy(kind: Kind, runs: number, seed: number): Promise<LossyOutcome> {
  const random = randomFrom(seed)
  const server = await ScriptableServer.start()
  const members = new Members()
  server.otherwise(async (response, request) => {
    // At times the server is slow, and still at work when the connection is long gone.
    const pauses = [random(), random()].map((share) => (share < 0.3 ? share * 40 : 0))
    if (pauses[0]) await new Promise((resolve) => setTimeout(resolve, pauses[0]))
    const answer = members.handle(request)
    if (pauses[1]) await new Promise((resolve) => setTimeout(resolve, pauses[1]))
    await answer(response, request)
  })
  const proxy = await LossyProxy.start(server.baseURL, random)
  const client = new OrganizationMembershipsClient({
    secretKey,
    baseURL: proxy.baseURL,
    timeout: 5_000,
    maxRetries: 3,
    maxRetryDelay: 8,
  })
  const outcome: LossyOutcome = {
    cuts: 0,
    successes: 0,
    errorsAfterEffect: 0,
    errorsWithoutEffect: 0,
    faults: [],
  }

  const runOne = async (run: number) => {
    const ids = { organizationId: 'org_1', userId: `user_${seed}_${run}` }
    const metadata = { run, nested: { list: [run, null] } }
    if (kind !== 'create') members.add(ids.userId, 'org:member')
    const calls = {
      create: () => client.create({ ...ids, role: 'org:member', publicMetadata: metadata }),
      update: () => client.update({ ...ids, role: 'org:admin' }),
      updateMetadata: () => client.updateMetadata({ ...ids, publicMetadata: metadata }),
      delete: () => client.delete(ids),
    }
    const error = await calls[kind]().then(
      () => undefined,
      (reason: unknown) => reason ?? new Error('rejected with nothing'),
    )
    // What is still on its way to the server arrives before it is counted.
    await new Promise((resolve) => setTimeout(resolve, 60))
    const row = members.rows.get(ids.userId)
    const fault = (what: string) => outcome.faults.push(`${kind} ${ids.userId}: ${what}`)
    const isDone = {
      create: row?.public_metadata.run === run && row.role === 'org:member',
      update: row?.role === 'org:admin',
      updateMetadata: row?.public_metadata.run === run,
      delete: row === undefined,
    }[kind]

    if ((members.created.get(ids.userId) ?? 0) > 1) fault('was added twice')
    if (error === undefined) {
      outcome.successes += 1
      if (!isDone) fault('succeeded without effect')
      return
    }
    if (isDone) outcome.errorsAfterEffect += 1
    else outcome.errorsWithoutEffect += 1
    if (!isOrganizationMembershipsError(error)) fault(`rejected with ${String(error)}`)
    const { name, message, afterLostAnswer } = error as Error & { afterLostAnswer?: boolean }
    if (name === 'NotFoundError' && !(kind === 'delete' && isDone && afterLostAnswer))
      fault(message)
    if (name === 'BadRequestError') fault(message)
    if (kind === 'create' && !/is not known|right afterwards/.test(message)) fault(message)
  }

  // Twenty at a time, as a backend would.
  for (let start = 0; start < runs; start += 20) {
    const batch = Array.from({ length: Math.min(20, runs - start) }, (_, index) => start + index)
    await Promise.all(batch.map(runOne))
  }
  outcome.cuts = proxy.cuts
  await proxy.close()
  await server.close()
  return outcome
}
