import { ClientShutdownError } from './client-shutdown-error.js'

/**
 * The calls that are under way, so that an app that shuts down can wait for them for a while and then end them.
 *
 *     app.close()  ── beforeApplicationShutdown ── server closes ── onApplicationShutdown ──▶
 *                     the grace period begins       requests end     the rest ends or is aborted
 */
export class CallsInFlight {
  readonly #controllers = new Set<AbortController>()
  readonly #grace: number
  #timer: NodeJS.Timeout | undefined
  #isOver = false
  #onIdle: (() => void) | undefined

  /** @param grace ms */
  constructor(grace: number) {
    this.#grace = grace
  }

  /** Runs a call with a signal of its own, which follows the caller's. */
  async run<T>(
    outer: AbortSignal | undefined,
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (this.#isOver) throw new ClientShutdownError()
    const controller = new AbortController()
    // By hand and taken away in `finally`: AbortSignal.any leaks on Node 20.
    const onAbort = () => controller.abort(outer?.reason)
    if (outer?.aborted === true) onAbort()
    outer?.addEventListener('abort', onAbort, { once: true })
    this.#controllers.add(controller)
    try {
      return await call(controller.signal)
    } finally {
      outer?.removeEventListener('abort', onAbort)
      this.#controllers.delete(controller)
      if (this.#controllers.size === 0) this.#onIdle?.()
    }
  }

  beforeApplicationShutdown(): void {
    this.#timer ??= setTimeout(() => {
      this.#isOver = true
      for (const controller of this.#controllers) controller.abort(new ClientShutdownError())
      // Whoever does not heed the signal does not hold the app up.
      this.#onIdle?.()
    }, this.#grace)
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.#controllers.size > 0 && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve
      })
    }
    clearTimeout(this.#timer)
  }
}
