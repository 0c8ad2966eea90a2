/** `{ 'img-src': ["'self'", 'data:'] }` */
export async function contentSecurityPolicyOf(
  url: string,
): Promise<{ [directive: string]: string[] }> {
  const { headers } = await fetch(url)
  const directives = headers.get('content-security-policy')?.split('; ') ?? []
  return Object.fromEntries(
    directives.map((directive) => {
      const [name = '', ...sources] = directive.split(' ')
      return [name, sources]
    }),
  )
}

/** What the page says with Clerk and without. */
export const everywhere = {
  'default-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'frame-ancestors': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
}
