import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const scripts = dirname(createRequire(import.meta.url).resolve('@clerk/clerk-js'))

/** A script of clerk-js from npm as it is, by its address: `/npm/@clerk/clerk-js@6/dist/clerk.browser.js`. */
export async function readClerkScript(path) {
  const [, file] = /^\/npm\/@clerk\/clerk-js@[\d.]+\/dist\/([\w.-]+\.js)$/.exec(path) ?? []
  return file === undefined ? null : readFile(join(scripts, file))
}

/**
 * Stands in for Clerk's Frontend API, as far as clerk-js asks for it here: one user is signed in, with one active
 * organization, whose memberships are the emulator's.
 *
 * @returns {(request: { method: string, path: string, search: URLSearchParams, form: URLSearchParams, origin: string }) => Promise<{ status: number, body: unknown }>}
 */
export function createFrontendApi(emulator, { userId, organizationId }) {
  const sessionId = 'sess_1'

  async function upstream(method, path, body) {
    const response = await emulator.fetch(
      new Request(`${emulator.url}${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${emulator.secretKey}`,
          'Clerk-API-Version': '2026-05-12',
          'Content-Type': 'application/json',
        },
        body: body && JSON.stringify(body),
      }),
    )
    return { status: response.status, body: await response.json() }
  }

  async function token(origin) {
    const jwt = await emulator.createSessionToken({ userId, organizationId, azp: origin })
    return { object: 'token', id: '', jwt }
  }

  async function client(origin) {
    const { body } = await upstream(
      'GET',
      `/organizations/${organizationId}/memberships?user_id=${userId}`,
    )
    const now = Date.now()
    const session = {
      object: 'session',
      id: sessionId,
      status: 'active',
      expire_at: now + 86_400_000,
      abandon_at: now + 86_400_000,
      last_active_at: now,
      last_active_organization_id: organizationId,
      last_active_token: await token(origin),
      user: {
        object: 'user',
        id: userId,
        organization_memberships: body.data.map(withoutPrivate),
        updated_at: now,
      },
      created_at: now,
      updated_at: now,
    }
    return {
      object: 'client',
      id: 'client_1',
      sessions: [session],
      last_active_session_id: sessionId,
    }
  }

  return async ({ method, path, search, form, origin }) => {
    const [, member] = /^\/organizations\/\w+\/memberships(?:\/(\w+))?$/.exec(path) ?? []
    switch (`${method} ${member === undefined ? path : '/member'}`) {
      case 'POST /dev_browser':
        return ok({ id: 'dvb_1' })
      case 'GET /environment':
      case 'PATCH /environment':
        return ok(environment)
      case 'GET /client':
      case 'PUT /client':
        return ok({ response: await client(origin), client: null })
      case `POST /client/sessions/${sessionId}/touch`:
        return ok({ response: (await client(origin)).sessions[0], client: await client(origin) })
      case `POST /client/sessions/${sessionId}/tokens`:
        return ok(await token(origin))
      case `GET /organizations/${organizationId}/memberships`: {
        const query = new URLSearchParams(
          ['limit', 'offset'].map((name) => [name, search.get(name) ?? '0']),
        )
        const answer = await upstream('GET', `${path}?${query}`)
        const { data, total_count } = answer.body
        return ok({ response: { data: data.map(withoutPrivate), total_count } })
      }
      case 'PATCH /member':
      case 'DELETE /member': {
        const body = method === 'PATCH' ? { role: form.get('role') } : undefined
        const answer = await upstream(method, path, body)
        if (answer.status !== 200) return answer
        // Nothing new about the sign-in comes along: that leaves clerk-js the least to do.
        return ok({ response: withoutPrivate(answer.body), client: null })
      }
      default:
        throw new Error(`clerk-js asks for ${method} ${path}, which the stand-in does not know.`)
    }
  }
}

const environment = {
  object: 'environment',
  auth_config: { single_session_mode: true },
  display_config: { object: 'display_config', instance_environment_type: 'development' },
  organization_settings: { enabled: true },
}

function ok(body) {
  return { status: 200, body }
}

/** What no browser is told. */
function withoutPrivate(membership) {
  const { private_metadata: _, organization, ...row } = membership
  const { private_metadata: __, ...named } = organization
  return { ...row, organization: named }
}
