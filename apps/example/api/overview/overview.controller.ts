import { Controller, Get, Header, Inject, Req, Res } from '@nestjs/common'
import { MembershipAccess, type MembershipRequest, requireAccess } from '@org-memberships/nestjs'
import type { ServerResponse } from 'node:http'
import { refuse } from '../refuse.js'
import { SETTINGS, type Settings } from '../settings.js'
import { type Overview, overviewOf } from './figures.js'
import { Roster } from './roster.js'

// ms. Longer than the other routes have: an organization can be large, and the API may ask to go slowly.
const deadline = 20_000

/** The organization in figures, for whoever may list its members. */
@Controller('overview')
export class OverviewController {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(MembershipAccess) private readonly access: MembershipAccess,
    @Inject(Roster) private readonly roster: Roster,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async read(
    @Req() request: MembershipRequest,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<Overview> {
    const { organizationId } = this.settings
    const signal = untilAnswered(response)
    // These figures say nothing that the list does not, so the policy of the list decides.
    const call = { operation: 'list', organizationId, request, signal, fresh: false } as const
    await requireAccess(this.access, call)
    return overviewOf(await this.roster.read(signal), Date.now())
  }
}

/** Aborted when the caller has gone, or after the deadline. */
function untilAnswered(response: ServerResponse): AbortSignal {
  const controller = new AbortController()
  const timer = setTimeout(
    () =>
      controller.abort(
        refuse(504, 'upstream_timeout', 'Counting the members takes too long. Try again later.'),
      ),
    deadline,
  )
  response.once('close', () => {
    clearTimeout(timer)
    // Nobody reads this one; it only ends what is under way.
    controller.abort(refuse(499, 'caller_gone', 'The caller has gone.'))
  })
  return controller.signal
}
