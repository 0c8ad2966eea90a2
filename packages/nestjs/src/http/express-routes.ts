import type { IncomingMessage, ServerResponse } from 'node:http'
import { respondWithError } from './error-response.js'
import { mountedOperationOf } from './mounted-operation.js'

/** A layer of Express's router, as far as it is used here. */
interface Layer {
  readonly route?: {
    readonly methods: { readonly [method: string]: boolean | undefined }
    readonly stack: readonly { readonly handle: unknown }[]
  }
  match(path: string): unknown
}

type ErrorMiddleware = (
  error: unknown,
  request: IncomingMessage & { readonly path: string },
  response: ServerResponse,
  next: (error: unknown) => void,
) => void

export interface ExpressInstance {
  use(middleware: ErrorMiddleware): unknown
  readonly router?: { readonly stack?: readonly Layer[] }
}

/**
 * Answers what fails on the way to a mounted route of an Express app, before Nest knows which controller it is about: a
 * body that the app's parser refuses, an id that does not decode. Errors of other routes go on to Nest.
 *
 * Called once Nest has registered its routes, so that errors of the app's own middleware come by.
 */
export function prepareExpress(express: ExpressInstance): void {
  const answerMounted: ErrorMiddleware = (error, request, response, next) => {
    if (leadsToMount(express.router?.stack ?? [], request)) respondWithError(error, response)
    else next(error)
  }
  express.use(answerMounted)
}

/** True where the route that this request would reach first is one of a mount. */
function leadsToMount(
  layers: readonly Layer[],
  { method = '', path }: { method?: string; path: string },
): boolean {
  const wanted = method.toLowerCase()
  const first = layers.find((layer) => {
    const methods = layer.route?.methods
    if (methods === undefined) return false
    const takesMethod =
      Object.hasOwn(methods, '_all') ||
      methods[wanted] === true ||
      (wanted === 'head' && methods.get === true)
    return takesMethod && matches(layer, path)
  })
  return first?.route?.stack.some(({ handle }) => mountedOperationOf(handle) !== undefined) ?? false
}

function matches(layer: Layer, path: string): boolean {
  try {
    return Boolean(layer.match(path))
  } catch {
    // Its path matches, and an id in it does not decode.
    return true
  }
}
