/** Equality of plain JSON values. An absent key and an undefined value are the same. */
export function isEqualJSON(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true
  if (typeof left !== 'object' || typeof right !== 'object' || !left || !right) return false
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const leftKeys = Object.keys(left)
  return (
    leftKeys.length === Object.keys(right).length &&
    leftKeys.every(
      (key) =>
        Object.hasOwn(right, key) && isEqualJSON(Reflect.get(left, key), Reflect.get(right, key)),
    )
  )
}
