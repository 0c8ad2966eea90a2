import { Body, Controller, Get, Header, HttpCode, Inject, Post, Put } from '@nestjs/common'
import { type Condition, conditions } from './conditions.js'
import { OrganizationName } from './organization-name.js'
import { refuse } from './refuse.js'
import { type DemoPerson, type IssuedSession, SETTINGS, type Settings } from './settings.js'

/** What only the demo needs: what there is to see, and a way in that asks for no password. */
@Controller('demo')
export class DemoController {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(OrganizationName) private readonly organizationName: OrganizationName,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async describe(): Promise<{
    mode: Settings['mode']
    organization: { id: string; name: string }
    publishableKey: string | null
    people: readonly DemoPerson[]
    candidateName: string | null
    condition: Condition | null
  }> {
    const {
      candidateName,
      conditions: conditionSwitch,
      mode,
      organizationId,
      people,
      publishableKey,
    } = this.settings
    return {
      mode,
      organization: { id: organizationId, name: await this.organizationName.read() },
      publishableKey,
      people,
      candidateName,
      condition: conditionSwitch?.current ?? null,
    }
  }

  @Post('session')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async signIn(@Body() body: unknown): Promise<IssuedSession> {
    const { issueSession, people } = this.settings
    if (issueSession === null) {
      throw refuse(404, 'resource_not_found', 'With real Clerk, sessions come from Clerk.')
    }
    const userId: unknown = (body as { userId?: unknown } | undefined)?.userId
    const person = people.find((candidate) => candidate.userId === userId)
    if (person === undefined) {
      throw refuse(
        422,
        'form_param_value_invalid',
        'userId has to be one of the people of this demo.',
      )
    }
    return issueSession(person.userId)
  }

  @Put('condition')
  @Header('Cache-Control', 'no-store')
  setCondition(@Body() body: unknown): { condition: Condition } {
    const { conditions: conditionSwitch } = this.settings
    if (conditionSwitch === null) {
      throw refuse(404, 'resource_not_found', 'Real Clerk is as fast as it is.')
    }
    const wanted: unknown = (body as { condition?: unknown } | undefined)?.condition
    const condition = conditions.find((known) => known === wanted)
    if (condition === undefined) {
      throw refuse(
        422,
        'form_param_value_invalid',
        `condition has to be one of ${conditions.join(', ')}.`,
      )
    }
    conditionSwitch.set(condition)
    return { condition }
  }
}
