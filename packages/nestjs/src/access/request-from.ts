import type { ExecutionContext, Provider } from '@nestjs/common'

/** What an app says of a call that is no HTTP request. */
export interface CallRequest {
  /**
   * Names in any case. A session token in `authorization` (`Bearer <token>`) signs the caller in; nothing else does.
   */
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined }
  /** What `@OrganizationFrom('name')` reads. @default none */
  readonly params?: { readonly [name: string]: string | undefined } | undefined
}

/**
 * Where a call that is no HTTP request (a message of a microservice or a WebSocket, GraphQL over a WebSocket) has its
 * session token; `undefined` where it has none.
 */
export type RequestFrom = (context: ExecutionContext) => CallRequest | undefined

/** Provided beside each policy, so that the guard finds the two of one module. */
export const requestFromToken = Symbol('OrganizationMembershipsRequestFrom')

export function requestFromProvider(requestFrom: RequestFrom | undefined): Provider {
  return { provide: requestFromToken, useFactory: () => requestFrom }
}
