import type { INestApplication, ModuleMetadata } from '@nestjs/common'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import {
  ClerkSessionAccess,
  type ClerkSessionAccessOptions,
  OrganizationMembershipsHttpModule,
  type OrganizationMembershipsHttpModuleOptions,
  OrganizationMembershipsModule,
  type OrganizationMembershipsModuleOptions,
} from '../../src/index.js'
import { type Adapter, type AppOptions, type RunningApp, startApp } from './app.js'
import { seed } from './seed.js'

export const origin = 'https://app.example.com'

export interface MountedOptions {
  /** One that several apps use, one after the other; it is reset first. @default one of its own */
  emulator?: Emulator
  http?: Partial<OrganizationMembershipsHttpModuleOptions>
  access?: Partial<ClerkSessionAccessOptions>
  client?: OrganizationMembershipsModuleOptions
  metadata?: ModuleMetadata
  configure?: (app: INestApplication) => void
  app?: AppOptions
}

export interface Mounted extends RunningApp {
  readonly emulator: Emulator
}

/** An app with the mounted routes, and an emulator behind it. */
export async function startMounted(
  adapter: Adapter,
  {
    emulator: shared,
    http,
    access,
    client,
    metadata = {},
    configure,
    app: options,
  }: MountedOptions = {},
): Promise<Mounted> {
  await shared?.reset()
  const emulator = shared ?? (await createEmulator({ seed }))
  const { secretKey, url: baseURL, origin: apiUrl } = emulator
  const app = await startApp(
    adapter,
    {
      ...metadata,
      imports: [
        OrganizationMembershipsModule.forRoot({ secretKey, baseURL, isGlobal: true, ...client }),
        OrganizationMembershipsHttpModule.forRoot({
          access: ClerkSessionAccess.with({
            secretKey,
            apiUrl,
            authorizedParties: [origin],
            ...access,
          }),
          ...http,
        }),
        ...(metadata.imports ?? []),
      ],
    },
    configure,
    options,
  )
  return {
    ...app,
    emulator,
    close: async () => {
      await app.close()
      if (shared === undefined) await emulator.close()
    },
  }
}

export interface CallOptions {
  token?: string | undefined
  body?: unknown
  headers?: { [name: string]: string }
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  // Whatever came back; each test says what it expects.
  json: unknown
}

/** One HTTP request; the answer as it is. */
export async function call(
  method: string,
  url: string,
  { token, body, headers = {} }: CallOptions = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    json = undefined
  }
  return { status: response.status, headers: response.headers, text, json }
}
