import { Injectable, Logger } from '@nestjs/common'
import { RouterExecutionContext } from '@nestjs/core/router/router-execution-context.js'
import { Test } from '@nestjs/testing'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  ClerkSessionAccess,
  grantWithoutMembership,
  MembershipAccess,
  OrganizationMembershipsHttpModule,
  OrganizationMembershipsModule,
} from '../src/index.js'
import { call, type Mounted, origin, startMounted } from './support/mounted.js'
import { seed } from './support/seed.js'

type Handler = (...args: unknown[]) => unknown

const route = '/v1/organizations/org_acme/memberships'
const url = (app: { url: string }) => `${app.url}${route}`

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ seed })
})
afterAll(() => emulator.close())

/** Tracing for Nest wraps each handler on its way to the router, as this does. */
function wrapHandlers(wrap: (handler: Handler) => Handler): { readonly wrapped: number } {
  const count = { wrapped: 0 }
  const { create } = RouterExecutionContext.prototype
  vi.spyOn(RouterExecutionContext.prototype, 'create').mockImplementation(function (
    this: RouterExecutionContext,
    instance,
    callback,
    ...rest
  ) {
    count.wrapped += 1
    return create.call(this, instance, wrap(callback as Handler) as typeof callback, ...rest)
  })
  return count
}

function around(handler: Handler, name: string): Handler {
  const wrapper: Handler = function (this: unknown, ...args) {
    return handler.apply(this, args)
  }
  return Object.defineProperty(wrapper, 'name', { value: name })
}

describe('handlers that something wraps', () => {
  let mounted: Mounted | undefined
  afterEach(async () => {
    vi.restoreAllMocks()
    await mounted?.close()
  })

  const withMetadata = (handler: Handler) => {
    const wrapper = around(handler, 'traced')
    for (const key of Reflect.getMetadataKeys(handler)) {
      Reflect.defineMetadata(key, Reflect.getMetadata(key, handler), wrapper)
    }
    return wrapper
  }

  it.each([
    ['their metadata', withMetadata],
    ['their name', (handler: Handler) => around(handler, handler.name)],
  ])('are known as before if it keeps %s', async (_, wrap) => {
    const count = wrapHandlers(wrap)
    mounted = await startMounted('express', { emulator })
    expect(count.wrapped).toBeGreaterThanOrEqual(5)
    const [ada, bob] = await Promise.all(
      ['user_ada', 'user_bob'].map((userId) =>
        emulator.createSessionToken({ userId, azp: origin }),
      ),
    )
    expect((await call('GET', url(mounted), { token: bob })).status).toBe(200)
    expect((await call('DELETE', `${url(mounted)}/user_cleo`, { token: bob })).status).toBe(403)
    expect((await call('DELETE', `${url(mounted)}/user_cleo`, { token: ada })).status).toBe(200)
  })

  it('are a server error with a log line if it keeps neither', async () => {
    wrapHandlers((handler) => around(handler, 'wrapped'))
    const error = vi.spyOn(Logger.prototype, 'error').mockReturnValue(undefined)
    mounted = await startMounted('express', { emulator })
    const token = await emulator.createSessionToken({ userId: 'user_ada', azp: origin })
    const answer = await call('DELETE', `${url(mounted)}/user_cleo`, { token })
    expect(answer.status).toBe(500)
    expect(error.mock.calls[0]?.[0]).toMatch(/The handler 'wrapped' .* has lost both its metadata/)
    expect(emulator.requests).toEqual([])
  })
})

describe('overrideProvider(MembershipAccess)', () => {
  it('reaches the mounted routes', async () => {
    @Injectable()
    class Anybody extends MembershipAccess {
      override authorize() {
        return Promise.resolve(grantWithoutMembership())
      }
    }
    const { secretKey, url: baseURL } = emulator
    const module = await Test.createTestingModule({
      imports: [
        OrganizationMembershipsModule.forRoot({ secretKey, baseURL, isGlobal: true }),
        OrganizationMembershipsHttpModule.forRoot({
          access: ClerkSessionAccess.with({ secretKey, authorizedParties: 'any' }),
        }),
      ],
    })
      .overrideProvider(MembershipAccess)
      .useClass(Anybody)
      .compile()
    const app = module.createNestApplication({ logger: false })
    await app.listen(0, '127.0.0.1')
    expect((await call('GET', `${await app.getUrl()}${route}`)).status).toBe(200)
    await app.close()
  })
})
