import type { MetadataPatch, PublicMetadata } from '@org-memberships/core'
import type { Change } from './change.js'
import { ComposedPatch } from './patch.js'

/** The one change that several are together: metadata patches can be one. */
export class ComposedChange {
  readonly #change: Change
  #patch: ComposedPatch<MetadataPatch<PublicMetadata>> | undefined

  constructor(first: Change) {
    this.#change = first
  }

  get value(): Change {
    if (!this.#patch) return this.#change
    return { kind: 'updateMetadata', publicMetadata: this.#patch.value }
  }

  /** @returns whether `next` is part of it now */
  add(next: Change): boolean {
    if (this.#change.kind !== 'updateMetadata' || next.kind !== 'updateMetadata') return false
    this.#patch ??= new ComposedPatch(this.#change.publicMetadata)
    return this.#patch.add(next.publicMetadata)
  }
}
