import type { Settings } from './settings.js'

/** Express middleware: the headers that a page with a session token in memory should have. */
export function pageHeaders(settings: Settings) {
  const contentSecurityPolicy = contentSecurityPolicyOf(settings)
  return (
    _request: unknown,
    response: { setHeader(name: string, value: string): unknown },
    next: () => void,
  ): void => {
    response.setHeader('Content-Security-Policy', contentSecurityPolicy)
    response.setHeader('X-Content-Type-Options', 'nosniff')
    response.setHeader('Referrer-Policy', 'no-referrer')
    next()
  }
}

/** Where the page may load from and send to: its own origin, and with Clerk what Clerk's documentation asks for. */
function contentSecurityPolicyOf({ mode, issuer }: Settings): string {
  return [
    "default-src 'self'",
    // Mantine writes its theme into a style element, and Clerk its components' styles.
    "style-src 'self' 'unsafe-inline'",
    ...(mode === 'clerk' ? clerkSources(issuer) : ["img-src 'self' data:"]),
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ')
}

/** https://clerk.com/docs/guides/secure/best-practices/csp-headers */
function clerkSources(frontendApi: string): string[] {
  const botProtection = 'https://challenges.cloudflare.com'
  const abuseProtection = 'https://*.protect.clerk.com'
  return [
    `script-src 'self' ${frontendApi} ${botProtection} ${abuseProtection}`,
    // The abuse protection answers at other ports too.
    `connect-src 'self' ${frontendApi} ${abuseProtection}:*`,
    "img-src 'self' data: https://img.clerk.com",
    `frame-src ${botProtection} ${abuseProtection}`,
    "worker-src 'self' blob:",
  ]
}
