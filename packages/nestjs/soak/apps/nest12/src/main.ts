import { Controller, Get, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger'
import type { OrganizationMembershipsClient } from '@org-memberships/core'
import {
  ClerkSessionAccess,
  CurrentMembership,
  InjectOrganizationMemberships,
  OrganizationMembershipsHttpModule,
  OrganizationMembershipsModule,
  RequireOrganizationRole,
} from '@org-memberships/nestjs'

@Controller('own')
class OwnController {
  // An `import type` of the class is enough with the decorator.
  constructor(
    @InjectOrganizationMemberships() private readonly memberships: OrganizationMembershipsClient,
  ) {}

  @Get()
  @RequireOrganizationRole('org:admin')
  async get(@CurrentMembership('role') role: string) {
    return { role, size: await this.memberships.count({ organizationId: 'org_acme' }) }
  }
}

@Module({
  imports: [
    OrganizationMembershipsModule.forRoot({ baseURL: process.env.MEMBERSHIPS_URL, isGlobal: true }),
    OrganizationMembershipsHttpModule.forRoot({
      path: 'v1',
      access: ClerkSessionAccess.with({
        authorizedParties: 'any',
        apiUrl: process.env.MEMBERSHIPS_URL,
      }),
      filters: ['emailAddress'],
      isGlobal: true,
    }),
  ],
  controllers: [OwnController],
})
class AppModule {}

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), {
  logger: ['error', 'warn'],
})
app.setGlobalPrefix('api')
SwaggerModule.setup('docs', app, SwaggerModule.createDocument(app, new DocumentBuilder().build()), {
  ui: false,
})
app.enableShutdownHooks()
await app.listen(0, '127.0.0.1')
console.log(await app.getUrl())
