import { HttpException } from '@nestjs/common'
import type { ClerkErrorJSON, ClerkErrorsJSON } from '@org-memberships/core/contract'

/** An error answer of the demo's own routes, in the same envelope as the membership routes'. */
export function refuse(status: number, code: string, longMessage: string): HttpException {
  const error: ClerkErrorJSON = { code, message: longMessage, long_message: longMessage }
  return new HttpException({ errors: [error] } satisfies ClerkErrorsJSON, status)
}
