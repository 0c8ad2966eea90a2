/** The reason of a request that was aborted because nobody waits for its answer any more. Never shown to a user. */
export class RequestAbandonedError extends Error {
  override readonly name = 'RequestAbandonedError'
}

export function isAbandoned(error: unknown): boolean {
  return error instanceof RequestAbandonedError
}

/** Rejects as soon as the signal fires, though the one who was asked may not heed it. */
export function untilAborted<Answer>(
  answer: Promise<Answer>,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    answer.then(resolve, reject)
  })
}

export interface OpenRequest {
  readonly signal: AbortSignal
  abort(reason: unknown): void
  /** The request has ended. */
  close(): void
}

interface Scope {
  users: number
  /** A reader waits in a `<Suspense>`: React has not mounted it, so it cannot say when it leaves. */
  isAwaited: boolean
  readonly controllers: Set<AbortController>
}

/**
 * Aborts the requests of a list one macrotask after its last user has left. Not at once: StrictMode, a re-key and a
 * move in the tree leave and come back within the same task.
 */
export class RequestScopes {
  readonly #scopes = new Map<string, Scope>()

  /** Somebody shows this list. The returned function says that they no longer do. */
  enter(id: string): () => void {
    this.#scope(id).users += 1
    return () => {
      this.#scope(id).users -= 1
      setTimeout(() => this.#abandon(id), 0)
    }
  }

  /** Somebody waits for the request that is under way, or about to start, without being mounted. */
  await(id: string): void {
    const scope = this.#scope(id)
    if (scope.isAwaited) return
    scope.isAwaited = true
    // Unless a request starts, there is nothing to wait for.
    setTimeout(() => this.#release(id), 0)
  }

  open(id: string): OpenRequest {
    const controller = new AbortController()
    this.#scope(id).controllers.add(controller)
    const close = () => {
      this.#scope(id).controllers.delete(controller)
      this.#release(id)
    }
    return { signal: controller.signal, abort: (reason) => controller.abort(reason), close }
  }

  abortAll(reason: unknown): void {
    for (const { controllers } of this.#scopes.values()) {
      for (const controller of controllers) controller.abort(reason)
    }
  }

  #abandon(id: string): void {
    const scope = this.#scopes.get(id)
    if (!scope || scope.users > 0 || scope.isAwaited) return
    const reason = new RequestAbandonedError(
      'The request was aborted: no component shows it any more.',
    )
    for (const controller of scope.controllers) controller.abort(reason)
    this.#release(id)
  }

  #scope(id: string): Scope {
    const scope = this.#scopes.get(id) ?? { users: 0, isAwaited: false, controllers: new Set() }
    this.#scopes.set(id, scope)
    return scope
  }

  #release(id: string): void {
    const scope = this.#scopes.get(id)
    if (!scope || scope.controllers.size > 0) return
    scope.isAwaited = false
    if (scope.users === 0) this.#scopes.delete(id)
  }
}
