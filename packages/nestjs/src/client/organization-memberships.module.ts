import {
  ConfigurableModuleBuilder,
  type DynamicModule,
  Module,
  type Provider,
} from '@nestjs/common'
import { CallsInFlight } from './calls-in-flight.js'
import { createClient } from './create-client.js'
import { OrganizationMembershipsHealth } from './health.js'
import { type HiddenOptions, hideOptions } from './hidden-options.js'
import type { OrganizationMembershipsModuleOptions } from './module-options.js'
import { getOrganizationMembershipsHealthToken, getOrganizationMembershipsToken } from './tokens.js'

export interface OrganizationMembershipsModuleExtras {
  /** Whether every module of the app can inject the client without importing this module. @default false */
  isGlobal?: boolean
  /** The client's name, where an app has several; inject it by `@InjectOrganizationMemberships(name)`. */
  name?: string
}

// The builder's own generated token would give the two constants a circular type.
const optionsToken = Symbol('OrganizationMembershipsModuleOptions')
const callsToken = Symbol('OrganizationMembershipsCallsInFlight')

// A key that is named here is taken out of the options, so both are.
const extras: OrganizationMembershipsModuleExtras & { name: string | undefined } = {
  isGlobal: false,
  name: undefined,
}

const { ConfigurableModuleClass, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<OrganizationMembershipsModuleOptions>({
    optionsInjectionToken: optionsToken,
  })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createOrganizationMembershipsOptions')
    .setExtras<OrganizationMembershipsModuleExtras>(extras, (definition, { isGlobal, name }) => ({
      ...definition,
      global: isGlobal ?? false,
      providers: [
        ...hideOptions(definition.providers ?? [], optionsToken),
        ...clientProviders(name),
      ],
      exports: [getOrganizationMembershipsToken(name), getOrganizationMembershipsHealthToken(name)],
    }))
    .build()

/**
 * Provides an `OrganizationMembershipsClient` to inject, and an `OrganizationMembershipsHealth` that follows it. Only
 * these are exported, never the options.
 *
 * @example
 * ```ts
 * OrganizationMembershipsModule.forRoot() // reads CLERK_SECRET_KEY
 * OrganizationMembershipsModule.forRoot({ secretKey: process.env.CLERK_SECRET_KEY, isGlobal: true })
 * OrganizationMembershipsModule.forRootAsync({
 *   inject: [ConfigService],
 *   useFactory: (config: ConfigService) => ({ secretKey: config.getOrThrow('CLERK_SECRET_KEY') }),
 * })
 * ```
 */
@Module({})
export class OrganizationMembershipsModule extends ConfigurableModuleClass {
  /** As the client itself, it needs no options where the environment holds `CLERK_SECRET_KEY`. */
  static override forRoot(options: OrganizationMembershipsForRootOptions = {}): DynamicModule {
    return super.forRoot(options)
  }
}

export type OrganizationMembershipsForRootOptions = typeof OPTIONS_TYPE
export type OrganizationMembershipsForRootAsyncOptions = typeof ASYNC_OPTIONS_TYPE

type Options = HiddenOptions<OrganizationMembershipsModuleOptions>

function clientProviders(name: string | undefined): Provider[] {
  const healthToken = getOrganizationMembershipsHealthToken(name)
  return [
    {
      provide: callsToken,
      useFactory: (options: Options) =>
        new CallsInFlight(options.reveal().shutdownTimeout ?? 5_000),
      inject: [optionsToken],
    },
    { provide: healthToken, useFactory: () => new OrganizationMembershipsHealth() },
    {
      provide: getOrganizationMembershipsToken(name),
      useFactory: (options: Options, calls: CallsInFlight, health: OrganizationMembershipsHealth) =>
        createClient(name, options.reveal(), calls, health),
      inject: [optionsToken, callsToken, healthToken],
    },
  ]
}
