import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { trace } from '@opentelemetry/api'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { afterAll, describe, expect, it } from 'vitest'
import {
  type ClientEvent,
  type ClientOptions,
  OrganizationMembershipsClient,
} from '../src/index.js'
import {
  defaultAPIVersion,
  defaultBaseURL,
  defaultMaxRetries,
  defaultMaxRetryDelay,
  defaultTimeout,
  defaultTotalTimeout,
} from '../src/options.js'
import { firstBackoff } from '../src/retry.js'
import * as core from '../src/index.js'
import { membershipsJSON, secretKey } from './fixtures.js'
import { json, reset, ScriptableServer } from './scriptable-server.js'

// The TypeScript samples are compiled with those of the other documents. This checks the rest.
const packageFolder = new URL('../', import.meta.url)
const readme = await readFile(new URL('README.md', packageFolder), 'utf8')

describe('the README', () => {
  it('names every option with its default', () => {
    const rows: Record<keyof ClientOptions, string> = {
      secretKey: 'CLERK_SECRET_KEY',
      getToken: '–',
      baseURL: `\`${defaultBaseURL}\``,
      apiVersion: `\`${defaultAPIVersion}\``,
      timeout: `${defaultTimeout.toLocaleString('en')} ms`,
      totalTimeout: `${defaultTotalTimeout.toLocaleString('en')} ms`,
      maxRetries: String(defaultMaxRetries),
      maxRetryDelay: `${defaultMaxRetryDelay.toLocaleString('en')} ms`,
      headers: '–',
      fetch: 'the global one',
      allowSecretKeyInTestDOM: 'false',
      onEvent: '–',
    }
    for (const [option, value] of Object.entries(rows)) {
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${option}\` `))
      expect(row?.split('|')[2]).toContain(value)
    }
  })

  it('says how long the first pause is', () => {
    expect(readme).toContain(`The first pause lasts up to ${firstBackoff} ms`)
  })

  it('names every error with its guard', () => {
    const guards = Object.keys(core).filter((name) => /^is\w+Error$/.test(name))
    for (const guard of guards.filter((name) => name !== 'isOrganizationMembershipsError')) {
      expect(readme).toMatch(new RegExp(`\\| \`${guard.slice(2)}\` +\\| \`${guard}\` `))
    }
  })
})

describe('the OpenTelemetry sample', () => {
  const exporter = new InMemorySpanExporter()
  afterAll(() => trace.disable())

  it('makes a span for each attempt', async () => {
    const [, code = ''] = readme.match(/^```js\n(.*?)^```$/ms) ?? []
    const file = new URL('node_modules/.cache/readme/opentelemetry.mjs', packageFolder)
    await mkdir(new URL('.', file), { recursive: true })
    await writeFile(file, code)
    const { onEvent } = (await import(/* @vite-ignore */ file.href)) as {
      onEvent: (event: ClientEvent) => void
    }
    trace.setGlobalTracerProvider(
      new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
    )
    const server = await ScriptableServer.start()
    server.script(reset, json(membershipsJSON()))
    const client = new OrganizationMembershipsClient({
      secretKey,
      baseURL: server.baseURL,
      maxRetryDelay: 1,
      onEvent,
    })
    await client.list({ organizationId: 'org_1' })
    await server.close()

    const spans = exporter.getFinishedSpans()
    expect(spans.map(({ name, attributes }) => ({ name, ...attributes }))).toEqual([
      {
        name: 'GET /organizations/{organization_id}/memberships',
        'http.request.method': 'GET',
        'url.template': '/organizations/{organization_id}/memberships',
        'http.request.resend_count': 0,
        'error.type': 'ConnectionError',
      },
      {
        name: 'GET /organizations/{organization_id}/memberships',
        'http.request.method': 'GET',
        'url.template': '/organizations/{organization_id}/memberships',
        'http.request.resend_count': 1,
        'http.response.status_code': 200,
      },
    ])
    // OpenTelemetry's ERROR.
    expect(spans.map(({ status }) => status.code)).toEqual([2, 0])
  })
})
