import { ConfigurableModuleBuilder, Module, type Provider } from '@nestjs/common'
import {
  type ClientOptions,
  InvalidArgumentError,
  isInvalidArgumentError,
  OrganizationMembershipsClient,
} from '@org-memberships/core'
import { type HiddenOptions, hideOptions } from './hidden-options.js'
import { getOrganizationMembershipsToken } from './tokens.js'

/** Options of a client. All are options of the core client. */
export type OrganizationMembershipsModuleOptions = ClientOptions

/** What `useClass` and `useExisting` of `forRootAsync` name. */
export interface OrganizationMembershipsOptionsFactory {
  createOrganizationMembershipsOptions():
    | Promise<OrganizationMembershipsModuleOptions>
    | OrganizationMembershipsModuleOptions
}

export interface OrganizationMembershipsModuleExtras {
  /** Whether every module of the app can inject the client without importing this module. @default false */
  isGlobal?: boolean
  /** The client's name, where an app has several; inject it by `@InjectOrganizationMemberships(name)`. */
  name?: string
}

const optionsToken = Symbol('OrganizationMembershipsModuleOptions')

// The builder's own generated token would give the two constants a circular type.
const { ConfigurableModuleClass, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<OrganizationMembershipsModuleOptions>({
    optionsInjectionToken: optionsToken,
  })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createOrganizationMembershipsOptions')
    .setExtras<OrganizationMembershipsModuleExtras>(
      { isGlobal: false, name: undefined as unknown as string },
      (definition, { isGlobal = false, name }) => ({
        ...definition,
        global: isGlobal,
        providers: [...hideOptions(definition.providers ?? [], optionsToken), clientProvider(name)],
        exports: [getOrganizationMembershipsToken(name)],
      }),
    )
    .build()

/**
 * Provides an `OrganizationMembershipsClient` to inject. Only the client is exported, never its options.
 *
 * @example
 * ```ts
 * OrganizationMembershipsModule.forRoot({ secretKey: process.env.CLERK_SECRET_KEY, isGlobal: true })
 * OrganizationMembershipsModule.forRootAsync({
 *   inject: [ConfigService],
 *   useFactory: (config: ConfigService) => ({ secretKey: config.getOrThrow('CLERK_SECRET_KEY') }),
 * })
 * ```
 */
@Module({})
export class OrganizationMembershipsModule extends ConfigurableModuleClass {}

export type OrganizationMembershipsForRootOptions = typeof OPTIONS_TYPE
export type OrganizationMembershipsForRootAsyncOptions = typeof ASYNC_OPTIONS_TYPE

function clientProvider(name: string | undefined): Provider {
  return {
    provide: getOrganizationMembershipsToken(name),
    useFactory: (options: HiddenOptions<OrganizationMembershipsModuleOptions>) =>
      createClient(name, options.reveal()),
    inject: [optionsToken],
  }
}

function createClient(
  name: string | undefined,
  options: OrganizationMembershipsModuleOptions,
): OrganizationMembershipsClient {
  try {
    return new OrganizationMembershipsClient(options)
  } catch (error) {
    if (!isInvalidArgumentError(error)) throw error
    const which = name === undefined ? '' : ` (client '${name}')`
    throw new InvalidArgumentError(
      error.parameter,
      `OrganizationMembershipsModule${which} cannot start: ${error.message}`,
    )
  }
}
