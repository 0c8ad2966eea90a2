import { InvalidArgumentError } from './errors.js'
import { isJSONObject, type JSONObject, toPlainJSON } from './plain-json.js'

/** Metadata as it is sent; what the caller does to the object afterwards makes no difference. */
export function toMetadata(parameter: string, metadata: unknown): JSONObject {
  const json = toPlainJSON(metadata, parameter)
  if (isJSONObject(json)) return json
  throw mustBe(parameter, 'an object', kindOf(metadata))
}

/** By what it can do: a signal of another realm is no instance of ours. */
export function assertSignal(signal: AbortSignal | null | undefined): void {
  if (signal === undefined) return
  if (typeof signal?.aborted === 'boolean' && typeof signal.addEventListener === 'function') return
  throw mustBe('signal', 'an AbortSignal', kindOf(signal))
}

/** An integer within bounds, both included. */
export function assertInteger(
  parameter: string,
  value: unknown,
  minimum: number,
  maximum = Number.MAX_SAFE_INTEGER,
): void {
  if (Number.isSafeInteger(value) && Number(value) >= minimum && Number(value) <= maximum) return
  const bounds =
    maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`
  throw mustBe(parameter, `an integer ${bounds}`, show(value))
}

/** A value as its author wrote it: text in quotes, a number without; of anything else the kind. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  return typeof value === 'number' ? String(value) : kindOf(value)
}

/** What a value is, without quoting it: it may be personal. */
export function kindOf(value: unknown): string {
  if (value === '') return "''"
  if (value === null) return 'null'
  if (value === undefined) return 'undefined'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1)
  if (typeof value === 'object' && tag !== 'Object') return `of type ${tag}`
  return `a value of type ${typeof value}`
}

/** Says what a parameter must be, and what it is. */
export function mustBe(parameter: string, what: string, received: string): InvalidArgumentError {
  return new InvalidArgumentError(parameter, `${parameter} must be ${what}; received ${received}.`)
}
