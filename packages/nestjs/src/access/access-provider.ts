import type { FactoryProvider, InjectionToken, Provider, Type } from '@nestjs/common'
import type { MembershipAccess } from './membership-access.js'

/** How an access policy is given: a class, or one of Nest's provider forms. */
export type MembershipAccessOption =
  | Type<MembershipAccess>
  | { useClass: Type<MembershipAccess> }
  | { useExisting: InjectionToken<MembershipAccess> }
  | {
      // Nest types the dependencies of a factory no closer than this; each factory names its own.
      useFactory: (...dependencies: never[]) => MembershipAccess | Promise<MembershipAccess>
      inject?: FactoryProvider['inject']
    }

/** @throws Error when there is no policy, saying what to do */
export function accessProvider(
  provide: InjectionToken,
  access: MembershipAccessOption | undefined,
  module: string,
): Provider {
  if (typeof access === 'function') return { provide, useClass: access }
  if (typeof access === 'object' && access !== null) {
    if ('useClass' in access) return { provide, useClass: access.useClass }
    if ('useExisting' in access) return { provide, useExisting: access.useExisting }
    if ('useFactory' in access) {
      return {
        provide,
        useFactory: access.useFactory as (...dependencies: unknown[]) => MembershipAccess,
        inject: access.inject ?? [],
      }
    }
  }
  throw new Error(
    `${module}.forRoot needs 'access'. These routes show and change who belongs to an organization, so they do not ` +
      'start without a policy that says who may. Give ClerkSessionAccess.with({ … }), or a class of your own that ' +
      'extends MembershipAccess.',
  )
}
