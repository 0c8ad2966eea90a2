import { request as requestHTTP1 } from 'node:http'
import { connect, type IncomingHttpHeaders } from 'node:http2'

/** How a request is sent: which version of HTTP, and whether its headers announce the length of a body. */
export interface Wire {
  readonly http: 1 | 2
  readonly length: 'announced' | 'unknown'
}

export interface Sent {
  readonly method: string
  readonly path: string
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string | undefined
}

export interface Received {
  readonly status: number
  readonly headers: { readonly [name: string]: string | string[] | undefined }
  readonly text: string
}

/** One request as it stands, without what a comfortable client would add. */
export function exchange(url: string, wire: Wire, sent: Sent): Promise<Received> {
  const body = sent.body === undefined ? undefined : Buffer.from(sent.body)
  const headers = {
    ...sent.headers,
    ...(body !== undefined &&
      wire.length === 'announced' && { 'content-length': String(body.length) }),
  }
  return wire.http === 1
    ? exchangeHTTP1(url, sent, headers, body)
    : exchangeHTTP2(url, sent, headers, body)
}

function exchangeHTTP1(
  url: string,
  { method, path }: Sent,
  headers: { [name: string]: string },
  body: Buffer | undefined,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const chunked = body !== undefined && headers['content-length'] === undefined
    const request = requestHTTP1(new URL(path, url), {
      method,
      agent: false,
      headers: { ...headers, ...(chunked && { 'transfer-encoding': 'chunked' }) },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      )
    })
    request.end(body)
  })
}

function exchangeHTTP2(
  url: string,
  { method, path }: Sent,
  headers: { [name: string]: string },
  body: Buffer | undefined,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const session = connect(url)
    session.on('error', reject)
    const stream = session.request({ ':method': method, ':path': path, ...headers })
    let received: IncomingHttpHeaders = {}
    let text = ''
    stream.setEncoding('utf8')
    stream.on('error', reject)
    stream.on('response', (answered) => (received = answered))
    stream.on('data', (chunk: string) => (text += chunk))
    stream.on('end', () => {
      session.close()
      resolve({ status: Number(received[':status']), headers: received, text })
    })
    stream.end(body)
  })
}
