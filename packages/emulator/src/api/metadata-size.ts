import { Buffer } from 'node:buffer'
import { clerkErrorJSON, clerkErrors, type MetadataJSON } from '@org-memberships/core/contract'
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
    .map(([field]) =>
      clerkErrorJSON('metadataTooLarge', { param_name: field, maximum: maximumBytes }),
    )
  if (errors.length > 0) throw new Failure(clerkErrors.metadataTooLarge.status, errors)
}

function bytesOf(metadata: MetadataJSON): number {
  try {
    return Buffer.byteLength(JSON.stringify(metadata))
  } catch {
    // Nested too deep for JSON.stringify: thousands of levels, each of two bytes at least.
    return Number.POSITIVE_INFINITY
  }
}
