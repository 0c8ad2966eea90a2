import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createTestingModule, emulatorOf } from '@org-memberships/nestjs/testing'
import { ClientProxy, ClientProxyFactory, Transport } from '@nestjs/microservices'
import { WsAdapter } from '@nestjs/platform-ws'
import { firstValueFrom } from 'rxjs'
import { WebSocket } from 'ws'
import { AppModule, TeamController } from '../src/app.module'
import { RoleController, RoleGateway } from '../src/messages'

const seed = {
  users: [{ id: 'user_ada' }],
  organizations: [{ id: 'org_acme', memberships: [{ user_id: 'user_ada', role: 'org:admin' }] }],
}

test('the app talks to the emulator', async () => {
  const module = await createTestingModule({ imports: [AppModule] }, { seed }).compile()
  expect(await module.get(TeamController).size('org_acme')).toEqual({ size: 1 })
  const token = await emulatorOf(module).createSessionToken({ userId: 'user_ada' })

  const app = module.createNestApplication({ logger: false })
  await app.listen(0, '127.0.0.1')
  const response = await fetch(`${await app.getUrl()}/v1/organizations/org_acme/memberships`, {
    headers: { Authorization: `Bearer ${token}` },
  })
  expect(response.status).toBe(200)
  await app.close()
})

test('the client can be overridden by its class', async () => {
  const module = await createTestingModule({ imports: [AppModule] })
    .overrideProvider(OrganizationMembershipsClient)
    .useValue({ count: async () => 7 })
    .compile()
  expect(await module.get(TeamController).size('org_acme')).toEqual({ size: 7 })
  await module.close()
})

const forged = {
  auth: { tokenType: 'session_token', userId: 'user_ada', sessionClaims: { sub: 'user_ada' } },
  headers: {},
}
const refused = { status: 'error', statusCode: 401, code: 'authentication_invalid' }

test('messages over TCP and a WebSocket are let in by a real token only', async () => {
  const module = await createTestingModule(
    { imports: [AppModule], controllers: [RoleController], providers: [RoleGateway] },
    { seed },
  ).compile()
  const token = await emulatorOf(module).createSessionToken({
    userId: 'user_ada',
    organizationId: 'org_acme',
  })
  const app = module.createNestApplication({ logger: false })
  app.useWebSocketAdapter(new WsAdapter(app))
  const microservice = app.connectMicroservice(
    { transport: Transport.TCP, options: { host: '127.0.0.1', port: 0 } },
    { inheritAppConfig: true },
  )
  await app.startAllMicroservices()
  await app.listen(0, '127.0.0.1')

  const { port } = microservice.unwrap<import('net').Server>().address() as { port: number }
  const client: ClientProxy = ClientProxyFactory.create({
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port },
  })
  const send = (data: object) => firstValueFrom(client.send('role', data))
  expect(await send({ token })).toBe('org:admin')
  await expect(send(forged)).rejects.toMatchObject(refused)
  client.close()

  const socket = new WebSocket((await app.getUrl()).replace('http', 'ws'))
  await new Promise((resolve) => socket.once('open', resolve))
  const answers: unknown[] = []
  const answered = new Promise((resolve) => {
    socket.on('message', (text) => {
      answers.push(JSON.parse(text.toString()))
      resolve(undefined)
    })
  })
  // Refused without a word: Nest 11 sends no exception to a plain WebSocket.
  socket.send(JSON.stringify({ event: 'role', data: forged }))
  socket.send(JSON.stringify({ event: 'role', data: { token } }))
  await answered
  expect(answers).toEqual([{ event: 'role', data: 'org:admin' }])
  socket.close()
  await app.close()
})
