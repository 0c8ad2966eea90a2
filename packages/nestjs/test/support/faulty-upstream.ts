import type { Emulator } from '@org-memberships/emulator'

/**
 * What happens to a change on its way to the API and back. `late` is carried out after its connection was cut, as a
 * request is that a proxy has kept. `after` is in ms; without it what is held, late or behind a gateway waits for
 * `release`.
 */
export type Fate =
  | { readonly kind: 'answered'; readonly after?: number }
  | { readonly kind: 'held' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'late'; readonly after?: number }
  | { readonly kind: 'never' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'gateway'; readonly after?: number }

export interface SentChange {
  readonly method: string
  readonly path: string
  /** With which the client would end it. */
  readonly signal: AbortSignal | undefined
}

export interface FaultyUpstream {
  readonly fetch: typeof fetch
  /** The changes that were sent, oldest first. */
  readonly sent: readonly SentChange[]
  /** Lets held changes go on. */
  release(): void
  /** Resolves when nothing is on its way any more. */
  idle(): Promise<void>
}

/** The emulator, behind a way that loses and delays. Reads come through. An abort ends the wait, not the request. */
export function faultyUpstream(
  emulator: Emulator,
  fateOf: (change: SentChange) => Fate = () => ({ kind: 'answered' }),
): FaultyUpstream {
  const sent: SentChange[] = []
  const underWay = new Set<Promise<unknown>>()
  const gates: (() => void)[] = []

  const pause = (ms?: number) =>
    new Promise<void>((resolve) => {
      if (ms === undefined) gates.push(resolve)
      else if (ms === 0) resolve()
      else setTimeout(resolve, ms)
    })

  const carryOut = (url: string, init: RequestInit | undefined, wait: Promise<void>) => {
    const { signal: _callers, ...rest } = init ?? {}
    const answer = wait.then(() => emulator.fetch(url, rest))
    underWay.add(answer)
    void answer.finally(() => underWay.delete(answer))
    return answer
  }

  const change = async (url: string, init: RequestInit | undefined, fate: Fate) => {
    switch (fate.kind) {
      case 'answered':
        return carryOut(url, init, pause(fate.after ?? 0))
      case 'held':
        return carryOut(url, init, pause())
      case 'lost':
        await carryOut(url, init, pause(0))
        throw new TypeError('fetch failed', { cause: new Error('the answer was lost') })
      case 'late':
        void carryOut(url, init, pause(fate.after))
        throw new TypeError('fetch failed', { cause: new Error('the connection was cut') })
      case 'never':
        throw new TypeError('fetch failed', { cause: new Error('the request was lost') })
      case 'failed':
        await carryOut(url, init, pause(0))
        return new Response('{"errors":[]}', { status: 500 })
      case 'gateway':
        void carryOut(url, init, pause(fate.after))
        return new Response('<h1>Gateway timeout</h1>', { status: 504 })
    }
  }

  return {
    sent,
    release: () => {
      for (const open of gates.splice(0)) open()
    },
    idle: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
    fetch: (input, init) => {
      const url = String(input instanceof Request ? input.url : input)
      const method = init?.method ?? 'GET'
      if (method === 'GET') return emulator.fetch(url, init)
      const own = { method, path: new URL(url).pathname, signal: init?.signal ?? undefined }
      sent.push(own)
      return unlessAborted(change(url, init, fateOf(own)), init?.signal)
    },
  }
}

async function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | null | undefined,
): Promise<T> {
  if (signal == null) return promise
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  return Promise.race([promise, aborted])
}
