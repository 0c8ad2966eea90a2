import type { RouteName } from '@org-memberships/core/contract'
import type { Handler } from '../src/api/handlers.js'
import type { Emulator, Seed } from '../src/index.js'

type Handlers = { readonly [Name in RouteName]: Handler<Name> }
declare const handlers: Handlers
declare const emulator: Emulator

const { delete: _, ...withoutDelete } = handlers

// @ts-expect-error a route without a handler
export const missing: Handlers = withoutDelete

// @ts-expect-error delete answers the membership, not a deleted object
export const wrongShape: Handler<'delete'> = () => ({ object: 'membership', deleted: true })

export const wrongParameter: Handler<'list'> = (_instance, { params }) => {
  // @ts-expect-error the list route has no user in its path
  throw new Error(params.user_id)
}

emulator.failNext({ status: 500 })
emulator.failNext({ fault: 'stall', route: ['list', 'getUser'], times: 2 })
// @ts-expect-error neither a status nor a fault
emulator.failNext({ times: 2 })
// @ts-expect-error a status and a fault
emulator.failNext({ status: 500, fault: 'reset' })
// @ts-expect-error no such route
emulator.failNext({ status: 500, route: 'lists' })
// @ts-expect-error the log is for reading
emulator.requests.push()

export const seed: Seed = {
  // @ts-expect-error wire terms, so first_name
  users: [{ id: 'user_1', firstName: 'Ada' }],
}
