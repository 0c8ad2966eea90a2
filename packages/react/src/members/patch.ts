import { isJSONObject } from '@org-memberships/core/contract'
import { setOwnKey } from '../own-key.js'

type JSONObject = { [key: string]: unknown }

/**
 * One metadata patch that does what several do one after the other, put together as they come. It owns what it holds,
 * so that adding a patch costs only what that patch is long.
 */
export class ComposedPatch<Patch extends object> {
  readonly #composed: JSONObject = {}

  constructor(first: Patch) {
    merge(this.#composed, first as JSONObject)
  }

  get value(): Patch {
    return this.#composed as Patch
  }

  /**
   * @returns whether there is one patch for all; otherwise nothing was added. After `{ a: null }` (or `{ a: 1 }`) the
   * patch `{ a: { b: 1 } }` starts from an empty object, which no single patch can say.
   */
  add(next: Patch): boolean {
    if (!composes(this.#composed, next as JSONObject)) return false
    merge(this.#composed, next as JSONObject)
    return true
  }
}

function composes(earlier: JSONObject, next: JSONObject): boolean {
  return Object.entries(next).every(([key, value]) => {
    if (!isJSONObject(value) || !Object.hasOwn(earlier, key) || earlier[key] === undefined)
      return true
    const before = earlier[key]
    return isJSONObject(before) && composes(before, value)
  })
}

function merge(into: JSONObject, next: JSONObject): void {
  for (const [key, value] of Object.entries(next)) {
    if (value === undefined) continue
    let put = value
    if (isJSONObject(value)) {
      const before = Object.hasOwn(into, key) ? into[key] : undefined
      put = isJSONObject(before) ? before : {}
      merge(put as JSONObject, value)
    }
    setOwnKey(into, key, put)
  }
}
