import type { FactoryProvider, Provider } from '@nestjs/common'

/**
 * Options behind a field that is private to the language. Nest keeps what it injects in a container that loggers and
 * `util.inspect` walk through, and the options hold a secret key.
 */
export class HiddenOptions<Options> {
  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
  }

  reveal(): Options {
    return this.#options
  }
}

/** The providers of a module definition, with the options among them hidden. */
export function hideOptions(providers: readonly Provider[], token: symbol): Provider[] {
  return providers.map((provider) => {
    if (typeof provider === 'function' || provider.provide !== token) return provider
    if ('useValue' in provider) {
      const options: unknown = provider.useValue
      return { provide: token, useFactory: () => new HiddenOptions(options) }
    }
    const { useFactory, inject = [] } = provider as FactoryProvider<unknown>
    return {
      provide: token,
      useFactory: async (...dependencies: unknown[]) =>
        new HiddenOptions(await useFactory(...dependencies)),
      inject,
    }
  })
}
