import { isJSONObject } from '@org-memberships/core/contract'
import { failures } from '../api/failures.js'
import type { IncomingRequest } from './message.js'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * The JSON of a request, `undefined` where there is no body.
 *
 * @throws Failure 413 over the limit, 415 for another type, 400 for what is not a JSON object in UTF-8
 */
export function readJSONBody({ headers, body }: IncomingRequest, maximumBytes: number): unknown {
  if (body === 'too large') throw failures.bodyTooLarge(maximumBytes)
  if (body.byteLength === 0) return undefined
  const type = headers['content-type']
  const encoding = headers['content-encoding']
  if (!isJSON(type)) throw failures.contentType(String(type))
  if (encoding !== undefined && encoding !== 'identity') {
    throw failures.contentType(`${type ?? 'none'} with Content-Encoding ${encoding}`)
  }
  let json: unknown
  try {
    json = JSON.parse(utf8.decode(body))
  } catch {
    throw failures.body()
  }
  if (!isJSONObject(json)) throw failures.body()
  return json
}

function isJSON(type: string | undefined): boolean {
  // Some clients send none, and the API takes their JSON.
  if (type === undefined) return true
  return /^\s*application\/json\s*(;\s*(charset\s*=\s*"?utf-8"?)?\s*)?$/i.test(type)
}
