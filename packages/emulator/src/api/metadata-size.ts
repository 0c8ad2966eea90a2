import { Buffer } from 'node:buffer'
import { isInvalidArgumentError, mergeMetadata } from '@org-memberships/core'
import {
  type ClerkErrorJSON,
  clerkErrorJSON,
  clerkErrors,
  type MetadataJSON,
} from '@org-memberships/core/contract'
import { Failure } from './failures.js'

/** Bytes of one stored metadata field, as compact UTF-8 JSON (contract, section 6). */
const maximumBytes = 8192

interface Fields {
  readonly public_metadata: MetadataJSON
  readonly private_metadata: MetadataJSON
}

/**
 * What is to be stored after a patch.
 *
 * @throws Failure naming each field that would be too large to store
 */
export function mergedMetadata(
  stored: Fields,
  patch: { readonly [Field in keyof Fields]?: MetadataJSON | null },
): Fields {
  const errors: ClerkErrorJSON[] = []
  const merged = (field: keyof Fields): MetadataJSON => {
    const metadata = mergedOrUndefined(stored[field], patch[field] ?? {})
    if (metadata !== undefined && bytesOf(metadata) <= maximumBytes) return metadata
    errors.push(clerkErrorJSON('metadataTooLarge', { param_name: field, maximum: maximumBytes }))
    return {}
  }
  const fields = {
    public_metadata: merged('public_metadata'),
    private_metadata: merged('private_metadata'),
  }
  if (errors.length > 0) throw new Failure(clerkErrors.metadataTooLarge.status, errors)
  return fields
}

/** `undefined` for a patch with more levels than the largest metadata can have. */
function mergedOrUndefined(stored: MetadataJSON, patch: MetadataJSON): MetadataJSON | undefined {
  try {
    return mergeMetadata(stored, patch)
  } catch (error) {
    if (isInvalidArgumentError(error)) return undefined
    throw error
  }
}

function bytesOf(metadata: MetadataJSON): number {
  try {
    return Buffer.byteLength(JSON.stringify(metadata))
  } catch {
    // Nested too deep for JSON.stringify: thousands of levels, each of two bytes at least.
    return Number.POSITIVE_INFINITY
  }
}
