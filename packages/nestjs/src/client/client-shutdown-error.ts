import { OrganizationMembershipsError } from '@org-memberships/core'

/** The app shuts down: the call was not made, or it was aborted after `shutdownTimeout`. The exception filter answers 503. */
export class ClientShutdownError extends OrganizationMembershipsError {
  static {
    // On the prototype, as the other errors of the family have it.
    Object.defineProperty(this.prototype, 'name', {
      value: 'ClientShutdownError',
      configurable: true,
    })
  }
  declare readonly name: 'ClientShutdownError'

  constructor() {
    super('The app is shutting down, so its client of organization memberships sends nothing more.')
  }
}
