/** Sets a key whatever its name is: assignment to `__proto__` would change the prototype, a definition makes it a key. */
export function setOwnKey(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  })
}
