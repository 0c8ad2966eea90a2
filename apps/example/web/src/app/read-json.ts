/** The server refused a request of the demo's own routes, those outside of the membership API. */
export class DemoRequestError extends Error {
  override readonly name = 'DemoRequestError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/**
 * The body of an answer.
 *
 * @throws DemoRequestError with the server's own words where it refused
 */
export async function readJSON(response: Response): Promise<unknown> {
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok && body !== undefined) return body
  const first = (body as { errors?: { long_message?: string }[] } | undefined)?.errors?.[0]
  throw new DemoRequestError(
    response.status,
    first?.long_message ?? `The server answered ${response.status} without saying why.`,
  )
}
