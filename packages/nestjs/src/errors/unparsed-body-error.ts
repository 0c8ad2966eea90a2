/** The app has read a request's body and left nothing that a mounted route can use: a mistake of its set-up. */
export class UnparsedBodyError extends Error {
  /** @param left what the handler found as `request.body` */
  constructor(left: string) {
    super(
      `This app parses no JSON on the routes of OrganizationMembershipsHttpModule: the body was read, and left ${left} ` +
        'as request.body. Let the routes have a JSON parser (Nest has one by default), express.raw() or express.text(), ' +
        'or leave their bodies unread.',
    )
    this.name = 'UnparsedBodyError'
  }
}
