import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { isJSONObject } from '@org-memberships/core/contract'
import { refusal } from '../errors/refusal.js'
import { UnparsedBodyError } from '../errors/unparsed-body-error.js'

/** What a request brought, judged by what was parsed or read and never by what its headers announce. */
export type RequestBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'object'; readonly value: { [key: string]: unknown } }
  /** `reason` is what the handler throws, once the caller is known to be authorized. */
  | { readonly kind: 'unusable'; readonly reason: Error }

/** What an adapter has of a body when one of our routes is reached. */
export interface BodySource {
  readonly headers: IncomingHttpHeaders
  /** What the app's parsers made of it; `undefined` where none ran. */
  readonly parsed: unknown
  readonly stream: Readable
  /** Bytes that are read at most where no parser ran. */
  readonly limit: number
}

const none: RequestBody = { kind: 'none' }

/**
 * @throws HttpException 413 for more than `limit` bytes, before anything else about the request is known
 */
export async function readBody(source: BodySource): Promise<RequestBody> {
  const { headers, parsed, stream, limit } = source
  if (parsed instanceof Uint8Array) return parseBytes(parsed, headers)
  if (typeof parsed === 'string') return parseText(parsed, headers)
  if (parsed !== undefined) return whatWasParsed(parsed, headers)
  if (!isRead(stream)) return parseBytes(await readBytes(stream, limit), headers)
  // Read, but by something that left nothing for this route.
  return declaresBody(headers) ? unusable(new UnparsedBodyError('nothing')) : none
}

/** True where somebody has read the stream, to its end or not: its events will not come again. */
export function isRead(stream: Readable): boolean {
  return stream.readableDidRead || stream.readableEnded || stream.destroyed
}

function parseBytes(bytes: Uint8Array, headers: IncomingHttpHeaders): RequestBody {
  if (bytes.length === 0) return none
  const wrongType = unsupportedType(headers)
  if (wrongType !== undefined) return unusable(wrongType)
  try {
    // Through JSON.parse alone, so that a metadata key such as `__proto__` or `constructor` is a key like any other.
    return objectOr400(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch {
    return unusable(encodedBody(headers) ?? invalidBody('The request body is no valid JSON.'))
  }
}

/** A string is the text of the body, unless it is shorter than the body: then it was a JSON string. */
function parseText(text: string, headers: IncomingHttpHeaders): RequestBody {
  const length = headers['content-length']
  const isJSONString = length !== undefined && Number(length) !== Buffer.byteLength(text)
  if (!isJSONString) return parseBytes(Buffer.from(text), headers)
  return unusable(unsupportedType(headers) ?? notAnObject())
}

function whatWasParsed(parsed: unknown, headers: IncomingHttpHeaders): RequestBody {
  const wrongType = unsupportedType(headers)
  if (wrongType !== undefined) {
    // Express's form parser makes an empty object of an empty body.
    return isPlainObject(parsed) && Object.keys(parsed).length === 0 && !declaresBody(headers)
      ? none
      : unusable(wrongType)
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return unusable(notAnObject())
  }
  if (isPlainObject(parsed)) return { kind: 'object', value: parsed }
  return unusable(new UnparsedBodyError(`an instance of ${parsed.constructor?.name}`))
}

function objectOr400(json: unknown): RequestBody {
  return isPlainObject(json) ? { kind: 'object', value: json } : unusable(notAnObject())
}

function unusable(reason: Error): RequestBody {
  return { kind: 'unusable', reason }
}

function isPlainObject(value: unknown): value is { [key: string]: unknown } {
  if (!isJSONObject(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Only for requests whose body somebody else has read: what they announced is all that is left. */
function declaresBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** Parsers for other types may have made an object of the body. */
function unsupportedType(headers: IncomingHttpHeaders): Error | undefined {
  const type = headers['content-type'] ?? ''
  if (type.split(';', 1)[0]?.trim().toLowerCase() === 'application/json') return undefined
  return refusal(415, {
    message: 'Content-Type is unsupported',
    long_message: `Content-Type ${JSON.stringify(type.slice(0, 100))} is unsupported. You should use application/json instead.`,
    code: 'unsupported_content_type',
  })
}

/** Bytes that do not parse are no wonder where nobody has decompressed them. */
function encodedBody(headers: IncomingHttpHeaders): Error | undefined {
  const encoding = headers['content-encoding']
  if (encoding === undefined || encoding.trim().toLowerCase() === 'identity') return undefined
  return refusal(415, {
    message: 'Content-Encoding is unsupported',
    long_message: `Content-Encoding ${JSON.stringify(encoding.slice(0, 100))} is unsupported. Send the request body as it is.`,
    code: 'unsupported_content_type',
  })
}

function notAnObject(): Error {
  return invalidBody('The request body must be a JSON object.')
}

function invalidBody(reason: string): Error {
  return refusal(400, {
    message: 'Request body invalid',
    long_message: reason,
    code: 'request_body_invalid',
  })
}

async function readBytes(stream: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  return new Promise((resolve, reject) => {
    const stop = () => {
      stream.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose)
    }
    const onData = (chunk: Buffer | string) => {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      length += bytes.length
      if (length <= limit) {
        chunks.push(bytes)
        return
      }
      stop()
      // The rest is read and dropped, so that the caller can finish sending and see the answer.
      stream.on('error', () => {}).resume()
      reject(
        refusal(413, {
          message: 'Request body too large',
          long_message: `The request body exceeds the maximum allowed size of ${limit} bytes.`,
          code: 'request_body_too_large',
        }),
      )
    }
    const onEnd = () => {
      stop()
      resolve(Buffer.concat(chunks, length))
    }
    const onError = (error: Error) => {
      stop()
      // Such as a body that does not decompress.
      reject(Object.assign(invalidBody('The request body could not be read.'), { cause: error }))
    }
    const onClose = () => onError(new Error('The request ended before its body did.'))
    stream.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose)
  })
}
