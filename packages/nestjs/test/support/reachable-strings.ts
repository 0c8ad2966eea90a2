import { types } from 'node:util'

/** Every string that a walk over properties, map entries and set members finds, as a logger would that prints all. */
export function reachableStrings(start: unknown): Set<string> {
  const strings = new Set<string>()
  const seen = new Set<unknown>()
  const waiting: unknown[] = [start]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value === 'string') strings.add(value)
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) continue
    if (seen.has(value)) continue
    seen.add(value)
    if (types.isMap(value)) waiting.push(...value.keys(), ...value.values())
    if (types.isSet(value)) waiting.push(...value)
    for (const name of Reflect.ownKeys(value)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(value, name)
      waiting.push(descriptor?.value)
    }
  }
  return strings
}
