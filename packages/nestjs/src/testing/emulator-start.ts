import { createEmulator, type Emulator, type EmulatorOptions } from '@org-memberships/emulator'

/**
 * The start of a module's emulator, which can be called off. Nest makes providers side by side, so when another one
 * fails, the emulator may be up, on its way, or not asked for yet; and nobody else holds it.
 */
export class EmulatorStart {
  readonly #options: EmulatorOptions
  readonly #started: Promise<Emulator>[] = []
  #isCalledOff = false

  constructor(options: EmulatorOptions) {
    this.#options = options
  }

  async emulator(): Promise<Emulator> {
    if (this.#isCalledOff) throw new Error('The module of this emulator could not be made.')
    const started = createEmulator(this.#options)
    this.#started.push(started)
    return started
  }

  async callOff(): Promise<void> {
    this.#isCalledOff = true
    // One that did not start, for a wrong seed say, has nothing to close.
    await Promise.allSettled(
      this.#started.map(async (started) => {
        const emulator = await started
        await emulator.close()
      }),
    )
  }
}
