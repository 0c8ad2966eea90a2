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

/** One metadata patch that does what two do one after the other, or `undefined` where there is none. */
export function composePatches<Patch extends object>(
  first: Patch,
  second: Patch,
): Patch | undefined {
  const composed = new ComposedPatch(first)
  return composed.add(second) ? composed.value : undefined
}

function composes(earlier: JSONObject, next: JSONObject): boolean {
  return Object.entries(next).every(([key, value]) => {
    if (!isObject(value) || !Object.hasOwn(earlier, key) || earlier[key] === undefined) return true
    const before = earlier[key]
    return isObject(before) && composes(before, value)
  })
}

function merge(into: JSONObject, next: JSONObject): void {
  for (const [key, value] of Object.entries(next)) {
    if (value === undefined) continue
    let put = value
    if (isObject(value)) {
      const before = Object.hasOwn(into, key) ? into[key] : undefined
      put = isObject(before) ? before : {}
      merge(put as JSONObject, value)
    }
    // Assignment to `__proto__` would change the prototype; a definition makes it a key.
    Object.defineProperty(into, key, {
      value: put,
      writable: true,
      enumerable: true,
      configurable: true,
    })
  }
}

function isObject(value: unknown): value is JSONObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
