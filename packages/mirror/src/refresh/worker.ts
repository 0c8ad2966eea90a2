import { prune } from '../feed/prune.js'
import type { MirrorContext } from '../options.js'
import { nextDue } from '../rows/claim.js'
import { dueReconciles } from '../rows/reconcile-state.js'
import { checkOrganization } from './check.js'
import { pause } from './pause.js'
import { reconcile } from './reconcile.js'
import { emptyReport, refreshOnce } from './refresh.js'
import type { OrganizationUses } from './uses.js'

/** Requests of one process at the same time. */
const lanes = 4
const longestIdle = 1000
const longestIdleWithListen = 5000
const pauseAfterFailure = 1000
const longestPauseAfterFailure = 30_000
const pruneEvery = 600_000
/** Trust is renewed before it ends, so that no guard has to wait for it. */
const shareOfTrust = 0.75

/** What runs in the background between `start()` and `stop()`. Every process of an app may have one. */
export class Worker {
  readonly #context: MirrorContext
  readonly #uses: OrganizationUses
  #running: { readonly abort: AbortController; readonly ended: Promise<unknown> } | undefined
  readonly #wakers = new Set<() => void>()
  readonly #reported = new Map<string, number>()

  readonly #open: () => Promise<void>

  /** @param open rejects where the tables cannot be worked with */
  constructor(context: MirrorContext, uses: OrganizationUses, open: () => Promise<void>) {
    this.#context = context
    this.#uses = uses
    this.#open = open
  }

  start(): void {
    if (this.#running !== undefined) return
    const abort = new AbortController()
    const { signal } = abort
    const tasks = [
      this.#listen(signal),
      ...Array.from({ length: lanes }, () => this.#keepDoing(signal, () => this.#refresh(signal))),
      this.#keepDoing(signal, () => this.#reconcile(signal)),
      this.#keepDoing(signal, () => this.#check(signal)),
      this.#keepDoing(signal, () => this.#prune(signal)),
    ]
    this.#running = { abort, ended: Promise.allSettled(tasks) }
  }

  /** Ends requests that are under way; their rows are due again when their lease ends. */
  async stop(): Promise<void> {
    const running = this.#running
    if (running === undefined) return
    this.#running = undefined
    running.abort.abort(new Error('The mirror was stopped.'))
    this.wake()
    await running.ended
  }

  /** Something became stale. */
  wake(): void {
    for (const wake of this.#wakers) wake()
  }

  /** Again and again until the signal aborts; after a failure with longer and longer pauses. */
  async #keepDoing(signal: AbortSignal, run: () => Promise<void>): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      try {
        await this.#open()
        await run()
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        this.#report(error)
        const wait = Math.min(pauseAfterFailure * 2 ** failures, longestPauseAfterFailure)
        failures += 1
        await pause(wait, signal).catch(() => {})
      }
    }
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    const { tables } = this.#context
    const report = emptyReport()
    const found = await refreshOnce(this.#context, report, { signal })
    for (const error of report.errors) this.#report(error)
    if (found) return
    const wait = await nextDue(tables)
    const idle = tables.database.listen === undefined ? longestIdle : longestIdleWithListen
    await this.#idle(Math.max(5, Math.min(wait ?? idle, idle)), signal)
  }

  async #reconcile(signal: AbortSignal): Promise<void> {
    const { tables } = this.#context
    for (const scope of await dueReconciles(tables)) {
      signal.throwIfAborted()
      const report = await reconcile(this.#context, {
        signal,
        ...(scope === 'instance' ? {} : scope),
      }).catch((error: unknown) => {
        signal.throwIfAborted()
        // The others are compared all the same.
        this.#report(error)
        return emptyReport()
      })
      for (const error of report.errors) this.#report(error)
    }
    await this.#idle(longestIdle, signal)
  }

  async #check(signal: AbortSignal): Promise<void> {
    const { trustFor } = this.#context
    const age = trustFor * shareOfTrust
    for (const organizationId of this.#uses.due(age)) {
      signal.throwIfAborted()
      await this.#uses.check(organizationId, () => checkOrganization(this.#context, organizationId))
    }
    this.#uses.prune(trustFor)
    await pause(Math.max(50, Math.min(longestIdle, trustFor / 10)), signal)
  }

  async #prune(signal: AbortSignal): Promise<void> {
    await pause(pruneEvery, signal)
    await prune(this.#context)
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const { database, schema } = this.#context.tables
    if (database.listen === undefined) return
    await this.#keepDoing(signal, async () => {
      let end = () => {}
      const ended = new Promise<void>((resolve) => {
        end = resolve
      })
      const stop = await database.listen!(
        schema,
        () => this.wake(),
        () => end(),
      )
      signal.addEventListener('abort', end, { once: true })
      if (signal.aborted) end()
      // For what came before it listened.
      this.wake()
      // Until the connection is lost, or the worker is stopped.
      await ended
      signal.removeEventListener('abort', end)
      await stop()
    })
  }

  /** A database that is away fails everything that runs here: said once a second. */
  #report(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    const now = performance.now()
    const last = this.#reported.get(message)
    if (last !== undefined && now - last < pauseAfterFailure) return
    this.#reported.delete(message)
    this.#reported.set(message, now)
    const oldest = this.#reported.keys().next().value
    if (this.#reported.size > 20 && oldest !== undefined) this.#reported.delete(oldest)
    this.#context.onError(error)
  }

  /** Until something is woken, or the time is over. */
  #idle(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        this.#wakers.delete(end)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      this.#wakers.add(end)
      signal.addEventListener('abort', end, { once: true })
      if (signal.aborted) end()
    })
  }
}
