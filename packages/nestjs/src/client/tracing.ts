import type * as OpenTelemetry from '@opentelemetry/api'
import { isAPIError } from '@org-memberships/core'
import type { ObservedCall } from './observed-client.js'

/** Runs a call inside of a span. */
export type Tracer = <T>(call: ObservedCall, run: () => Promise<T>) => Promise<T>

/** Spans where `@opentelemetry/api` is installed, nothing where it is not. Without an SDK the API itself does nothing. */
export async function createTracer(): Promise<Tracer> {
  const api = await import('@opentelemetry/api').catch(() => undefined)
  return api === undefined ? (_, run) => run() : (call, run) => trace(api, call, run)
}

async function trace<T>(
  api: typeof OpenTelemetry,
  { operation, organizationId, userId }: ObservedCall,
  run: () => Promise<T>,
): Promise<T> {
  // Looked up each time: the SDK may be started after the app's modules.
  const span = api.trace
    .getTracer('@org-memberships/nestjs')
    .startSpan(`organization_memberships ${operation}`, {
      kind: api.SpanKind.CLIENT,
      attributes: {
        'organization_memberships.operation': operation,
        ...(organizationId !== undefined && {
          'organization_memberships.organization_id': organizationId,
        }),
        ...(userId !== undefined && { 'organization_memberships.user_id': userId }),
      },
    })
  try {
    return await api.context.with(api.trace.setSpan(api.context.active(), span), run)
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    span.recordException({ name, message })
    span.setStatus({ code: api.SpanStatusCode.ERROR, message })
    span.setAttribute('error.type', isAPIError(error) ? String(error.status) : name)
    throw error
  } finally {
    span.end()
  }
}
