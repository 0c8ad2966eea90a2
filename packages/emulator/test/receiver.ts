import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { verifyWebhook } from '@clerk/backend/webhooks'

export interface Received {
  readonly id: string
  readonly type: string
  readonly userId: string | undefined
  readonly membersCount: number | undefined
}

export interface Receiver extends AsyncDisposable {
  readonly url: string
  /** Accepted events, as the official client verified them, in order of arrival. */
  readonly events: Received[]
  /** Events that the official client did not accept. */
  readonly refused: unknown[]
  /** Answers of this many requests to come: the status, nothing done. */
  failures: number[]
}

/** An app's webhook endpoint, verified by the official client. */
export async function createReceiver(secret: string): Promise<Receiver> {
  const events: Received[] = []
  const refused: unknown[] = []
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const failure = receiver.failures.shift()
      if (failure !== undefined) {
        outgoing.writeHead(failure).end()
        return
      }
      const request = new Request('http://localhost/webhooks', {
        method: 'POST',
        headers: incoming.headers as { [name: string]: string },
        body: Buffer.concat(chunks),
      })
      verifyWebhook(request, { signingSecret: secret }).then(
        ({ type, data }) => {
          const row = data as {
            id?: string
            public_user_data?: { user_id: string }
            organization?: { members_count?: number }
          }
          events.push({
            id: String(incoming.headers['svix-id']),
            type,
            userId: type.startsWith('user.') ? row.id : row.public_user_data?.user_id,
            membersCount: row.organization?.members_count,
          })
          return outgoing.writeHead(204).end()
        },
        (error: unknown) => {
          refused.push(error)
          outgoing.writeHead(400).end()
        },
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
    events,
    refused,
    failures: [],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return receiver
}
