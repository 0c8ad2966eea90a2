import 'reflect-metadata'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import {
  ClerkSessionAccess,
  OrganizationMembershipsHttpModule,
  OrganizationMembershipsModule,
} from '@org-memberships/nestjs'

/** The backend that these hooks need: the mounted routes, with the access policy as it is by default. */
export async function startBackend(emulator, { authorizedParties }) {
  const { secretKey, url: baseURL, origin: apiUrl } = emulator
  // oxlint-disable-next-line typescript/no-extraneous-class -- a Nest module
  class AppModule {}
  Module({
    imports: [
      OrganizationMembershipsModule.forRoot({ secretKey, baseURL, isGlobal: true }),
      OrganizationMembershipsHttpModule.forRoot({
        access: ClerkSessionAccess.with({ secretKey, apiUrl, authorizedParties }),
        // The same page as Clerk's hook asks for.
        maxLimit: 500,
      }),
    ],
  })(AppModule)
  const app = await NestFactory.create(AppModule, { logger: false })
  await app.listen(0, '127.0.0.1')
  return { url: await app.getUrl(), close: () => app.close() }
}
