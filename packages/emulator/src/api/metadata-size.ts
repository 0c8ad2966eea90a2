import { Buffer } from 'node:buffer'
import type { ClerkErrorJSON, MetadataJSON } from '@org-memberships/core'
import { Failure } from './failures.js'

/** Bytes of one stored metadata field, as compact UTF-8 JSON (contract, section 6). */
const maximumBytes = 8192

/** @throws Failure naming each field that would be too large to store */
export function assertMetadataSize(fields: {
  readonly public_metadata: MetadataJSON
  readonly private_metadata: MetadataJSON
}): void {
  const errors = Object.entries(fields)
    .filter(([, metadata]) => bytesOf(metadata) > maximumBytes)
    .map(([field]) => tooLarge(field))
  if (errors.length > 0) throw new Failure(422, errors)
}

function bytesOf(metadata: MetadataJSON): number {
  try {
    return Buffer.byteLength(JSON.stringify(metadata))
  } catch {
    // Nested too deep for JSON.stringify: thousands of levels, each of two bytes at least.
    return Number.POSITIVE_INFINITY
  }
}

function tooLarge(field: string): ClerkErrorJSON {
  const text = `The given ${field} exceeds the maximum allowed size of ${maximumBytes} bytes (8 KB).`
  return {
    message: text,
    long_message: text,
    code: 'form_param_exceeds_allowed_size',
    meta: { param_name: field },
  }
}
