/** The server refused a request of the demo's own routes, those outside of the membership API. */
export class DemoRequestError extends Error {
  override readonly name = 'DemoRequestError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** No whole answer came in time. */
export class DemoTimeoutError extends Error {
  override readonly name = 'DemoTimeoutError'
}

/**
 * The body of the answer to a request of the demo's own routes.
 *
 * @param deadline ms
 * @throws DemoRequestError with the server's own words where it refused
 * @throws DemoTimeoutError where it says nothing for so long
 */
export async function fetchJSON(
  path: string,
  init: RequestInit = {},
  deadline = 10_000,
): Promise<unknown> {
  const late = new AbortController()
  const timer = setTimeout(
    () => late.abort(new DemoTimeoutError(`${path} was not answered in time.`)),
    deadline,
  )
  const signal = init.signal ? AbortSignal.any([init.signal, late.signal]) : late.signal
  try {
    return await readJSON(await fetch(path, { ...init, signal }))
  } finally {
    clearTimeout(timer)
  }
}

async function readJSON(response: Response): Promise<unknown> {
  const text = await response.text()
  const body = parse(text)
  if (response.ok && body !== undefined) return body
  const first = (body as { errors?: { long_message?: string }[] } | undefined)?.errors?.[0]
  throw new DemoRequestError(
    response.status,
    first?.long_message ?? `The server answered ${response.status} without saying why.`,
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
