import { InvalidArgumentError } from '@org-memberships/core'

/** An option with which a registered client cannot be made. */
export class ClientStartError extends InvalidArgumentError {
  /** The client's name; `undefined` for the one without. */
  readonly client: string | undefined

  constructor(client: string | undefined, parameter: string, message: string) {
    super(parameter, message)
    this.client = client
  }
}
