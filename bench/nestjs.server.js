// One Nest app with the peers of nestjs.bench.js side by side, and an emulator in a thread of its own. Tells its parent
// the address and the session tokens.
import 'reflect-metadata'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import process from 'node:process'
import { verifyToken } from '@clerk/backend'
import {
  Controller,
  Get,
  HttpException,
  Module,
  Param,
  Query,
  Req,
  UnauthorizedException,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { createEmulator } from '@org-memberships/emulator'
import {
  ClerkSessionAccess,
  OrganizationMembershipsHttpModule,
  OrganizationMembershipsModule,
} from '@org-memberships/nestjs'

const users = 200
const stranger = 'user_stranger'
const origin = 'https://app.example.com'

if (isMainThread) await serve()
else await emulate()

async function emulate() {
  const ids = Array.from({ length: users }, (_, index) => `user_${index}`)
  const emulator = await createEmulator({
    seed: {
      users: [...ids, stranger].map((id) => ({ id, first_name: id })),
      organizations: [
        {
          id: 'org_1',
          memberships: ids.map((id) => ({ user_id: id, role: 'org:member' })),
        },
        {
          id: 'org_large',
          memberships: ids.map((id) => ({
            user_id: id,
            role: 'org:member',
            public_metadata: { text: 'x'.repeat(7_900) },
          })),
        },
      ],
    },
  })
  const tokenOf = (userId) => emulator.createSessionToken({ userId, azp: origin, expiresIn: 3600 })
  const tokens = await Promise.all(ids.map(tokenOf))
  const strangerToken = await tokenOf(stranger)
  const { url, secretKey } = emulator
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
  parentPort.postMessage({ url, origin: emulator.origin, secretKey, tokens, strangerToken })
}

async function serve() {
  const worker = new Worker(new URL(import.meta.url))
  const upstream = await new Promise((resolve) => worker.once('message', resolve))
  const { secretKey, origin: apiUrl, url: baseURL, tokens, strangerToken } = upstream

  /** What a team writes first: the token is verified, the caller's membership is not asked for. */
  class BareController {
    async list(request, organizationId, limit) {
      const token = request.headers.authorization?.replace('Bearer ', '')
      if (token === undefined) throw new UnauthorizedException()
      await verifyToken(token, { secretKey, apiUrl, authorizedParties: [origin] })
      const response = await fetch(
        `${baseURL}/organizations/${encodeURIComponent(organizationId)}/memberships?limit=${limit}`,
        { headers: { Authorization: `Bearer ${secretKey}` } },
      )
      if (!response.ok) throw new HttpException('upstream', 502)
      return response.json()
    }
  }
  Controller('bare')(BareController)
  const { prototype } = BareController
  const descriptor = Reflect.getOwnPropertyDescriptor(prototype, 'list')
  Get('organizations/:organizationId/memberships')(prototype, 'list', descriptor)
  Req()(prototype, 'list', 0)
  Param('organizationId')(prototype, 'list', 1)
  Query('limit')(prototype, 'list', 2)

  const mount = (path, cache) =>
    OrganizationMembershipsHttpModule.forRoot({
      path,
      access: ClerkSessionAccess.with({ secretKey, apiUrl, authorizedParties: [origin], cache }),
    })
  let requests = 0
  // oxlint-disable-next-line typescript/no-extraneous-class -- a Nest module
  class AppModule {}
  Module({
    imports: [
      OrganizationMembershipsModule.forRoot({
        secretKey,
        baseURL,
        isGlobal: true,
        onEvent: ({ type }) => {
          if (type === 'request') requests += 1
        },
      }),
      mount('warm', { freshFor: 3_600_000 }),
      mount('cold', { freshFor: 0, staleFor: 0 }),
    ],
    controllers: [BareController],
  })(AppModule)

  const app = await NestFactory.create(AppModule, { logger: false })
  await app.listen(0, '127.0.0.1')
  process.on('message', () => process.send(requests))
  process.send({ url: await app.getUrl(), tokens, strangerToken })
}
