import { InvalidArgumentError } from '@org-memberships/core'
import { setOwnKey } from './own-key.js'

/**
 * A copy of a value as JSON carries it, taken when a write is triggered: what the caller changes afterwards does not
 * change the write, and a Date is the text that is sent.
 *
 * @param path where the value stands, for the error
 * @throws InvalidArgumentError for what JSON cannot carry without loss, such as an invalid Date, a Map or a cycle
 */
export function snapshotJSON(value: unknown, path: string): unknown {
  return snapshot(value, path, new Set())
}

function snapshot(value: unknown, path: string, open: Set<object>): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : reject(path, `the number ${value}`)
  }
  if (typeof value !== 'object') return reject(path, `a ${typeof value}`)
  if (open.has(value)) return reject(path, 'an object that contains itself')
  open.add(value)
  try {
    if ('toJSON' in value && typeof value.toJSON === 'function') {
      const json: unknown = value.toJSON()
      if (json === null) return reject(path, 'an object whose toJSON() returns null')
      return snapshot(json, path, open)
    }
    if (Array.isArray(value)) {
      return Array.from(value, (item: unknown, index) => snapshot(item, `${path}[${index}]`, open))
    }
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      return reject(path, `a ${value.constructor?.name ?? 'class instance'}`)
    }
    const copy = {}
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) continue
      setOwnKey(copy, key, snapshot(item, `${path}.${key}`, open))
    }
    return copy
  } finally {
    open.delete(value)
  }
}

function reject(path: string, what: string): never {
  throw new InvalidArgumentError(
    path,
    `${path} is ${what}. Metadata is JSON: plain objects, arrays, texts, finite numbers, booleans and null.`,
  )
}
