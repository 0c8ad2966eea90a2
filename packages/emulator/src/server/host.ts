import { failures } from '../api/failures.js'

/**
 * A page of another site can have its own name lead to this machine (DNS rebinding), and then its script reaches every
 * server here whose key it knows. Its requests carry that site's name as their host.
 *
 * @param allowed lower case, without a port; `undefined` allows any
 * @throws Failure 403
 */
export function assertHost(
  header: string | undefined,
  allowed: ReadonlySet<string> | undefined,
): void {
  if (allowed === undefined || header === undefined) return
  const host = nameOf(header)
  if (isLoopback(host) || allowed.has(host)) return
  throw failures.host(host)
}

function nameOf(header: string): string {
  return header
    .trim()
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    /^127(\.\d{1,3}){3}$/.test(host)
  )
}
