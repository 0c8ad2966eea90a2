import { expect, it } from 'vitest'
import type { Emulator } from '../../src/index.js'
import { call, type Called, type CallInit, userIds } from '../call.js'

/** One statement of the contract, and the exchange that shows it. */
export interface Row extends CallInit {
  /** The section of the contract, such as `3`. */
  readonly section: string
  readonly says: string
  readonly method: string
  readonly path: string
  readonly status: number
  /** The errors that must come, in order, and no others: every field given must agree. */
  readonly errors?: readonly ExpectedError[]
  /** The members of a list answer, in order. */
  readonly users?: readonly string[]
  readonly totalCount?: number
  /** A part of the answer. */
  readonly answer?: object
}

export interface ExpectedError {
  readonly code: string
  readonly param?: string
  readonly message?: string
  readonly long?: string
}

/** Runs each row as a test of its own, against an emulator that was just reset. */
export function runRows(emulator: () => Emulator, rows: readonly Row[]): void {
  for (const row of rows) {
    it(`${row.section}: ${row.says}`, async () => {
      await emulator().reset()
      const called = await call(emulator(), row.method, row.path, row)
      expect({
        status: called.status,
        errors: errorsOf(called),
        answer: called.json,
        ...(row.users && { users: userIds(called) }),
      }).toMatchObject({
        status: row.status,
        errors: row.errors ?? [],
        answer: {
          ...row.answer,
          ...(row.totalCount !== undefined && { total_count: row.totalCount }),
        },
        ...(row.users && { users: row.users }),
      })
    })
  }
}

function errorsOf({ json }: Called) {
  return (json.errors ?? []).map(({ code, message, long_message: long, meta }) => ({
    code,
    message,
    long,
    param: meta?.['param_name'],
  }))
}
