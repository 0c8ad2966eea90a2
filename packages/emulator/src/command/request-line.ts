import type { RequestLogEntry } from '../server/request-log.js'

/** `12:34:56 PATCH /v1/organizations/org_1/memberships/user_1 404 resource_not_found 2 ms` */
export function requestLine(request: RequestLogEntry): string {
  const { method, path, search, status, code, receivedAt, duration } = request
  const query = search.size > 0 ? `?${search.toString()}` : ''
  return [
    new Date(receivedAt).toISOString().slice(11, 19),
    method,
    printable(`${path}${query}`),
    status ?? 'no answer',
    ...(code === null ? [] : [code]),
    `${duration ?? 0} ms`,
  ].join(' ')
}

/** A terminal must not obey what a request holds. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it is about
  return text.replace(/[\u0000-\u001F\u007F-\u009F]/g, '?')
}
