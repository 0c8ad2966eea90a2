import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { OrganizationMembership } from '@org-memberships/core'
import type { MirrorEvent } from '../../src/index.js'
import type { PostgresConnection } from '../../test/support/postgres-server.js'

export interface MemberIds {
  readonly organizationId: string
  readonly userId: string
}

export interface FleetOptions {
  readonly baseURL: string
  readonly secretKey: string
  readonly connection: PostgresConnection
  readonly mirror: { readonly [option: string]: string | number | boolean }
}

/** A process died, or was killed, before it answered. */
export class ProcessGone extends Error {}

/** Processes of one app, each with a mirror over the same tables. One that is killed comes again. */
export class Fleet implements AsyncDisposable {
  readonly #options: FleetOptions
  readonly #members: Member[]

  constructor(size: number, options: FleetOptions) {
    this.#options = options
    this.#members = Array.from({ length: size }, () => new Member(options))
  }

  get size(): number {
    return this.#members.length
  }

  async started(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.ask('ready', {})))
  }

  receive(index: number, event: MirrorEvent): Promise<unknown> {
    return this.#at(index).ask('receive', event)
  }

  get(index: number, ids: MemberIds): Promise<OrganizationMembership | null> {
    return this.#at(index).ask('get', ids) as Promise<OrganizationMembership | null>
  }

  write(index: number, command: 'create' | 'update' | 'updateMetadata' | 'delete', params: object) {
    return this.#at(index).ask(command, params)
  }

  /** In the middle of whatever it does. */
  async crash(index: number): Promise<void> {
    await this.#at(index).end('SIGKILL')
    this.#members[index] = new Member(this.#options)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#members.map((member) => member.end('SIGTERM')))
  }

  #at(index: number): Member {
    return this.#members[index] as Member
  }
}

interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

class Member {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (answer: Answer | undefined) => void>()
  #asked = 0

  constructor(options: FleetOptions) {
    const script = fileURLToPath(new URL('process.mjs', import.meta.url))
    this.#child = fork(script, [JSON.stringify(options)], { stdio: 'inherit', execArgv: [] })
    this.#child.on('message', (answer: Answer) => {
      this.#waiting.get(answer.id)?.(answer)
      this.#waiting.delete(answer.id)
    })
    // Of messages to a process that was killed: whoever sent one is told.
    this.#child.on('error', () => {})
    this.#child.on('exit', () => {
      for (const done of this.#waiting.values()) done(undefined)
      this.#waiting.clear()
    })
  }

  async ask(command: string, params: object): Promise<unknown> {
    if (this.#child.exitCode !== null || !this.#child.connected) throw new ProcessGone()
    this.#asked += 1
    const id = this.#asked
    const answer = await new Promise<Answer | undefined>((resolve) => {
      this.#waiting.set(id, resolve)
      this.#child.send({ id, command, params }, (error) => {
        if (error !== null) resolve(undefined)
      })
    })
    if (answer === undefined) throw new ProcessGone()
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer.value
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill(signal)
    await ended
  }
}
