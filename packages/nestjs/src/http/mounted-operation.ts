import type { MountedOperation } from '../access/membership-access.js'

/**
 * Metadata of a mounted handler: the operation that it carries out. Nest copies a handler's metadata to the function
 * that it registers with the adapter, so a route of a mount is known by its controller there too, never by its URL.
 */
export const mountedOperationKey = Symbol('MountedOperation')

/** The operation of a mounted handler; `undefined` for any other function. */
export function mountedOperationOf(handler: unknown): MountedOperation | undefined {
  if (typeof handler !== 'function') return undefined
  return Reflect.getMetadata(mountedOperationKey, handler) as MountedOperation | undefined
}
