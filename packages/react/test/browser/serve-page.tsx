import type { OrganizationMembershipsClient } from '@org-memberships/core'
import { fileURLToPath } from 'node:url'
import { renderToString } from 'react-dom/server'
import { build, type Rolldown } from 'vite'
import type { OrganizationMembershipsSeed } from '../../src/pages/seed.js'
import { App } from './page/app.js'

/** What a page is told about itself. */
export interface PageSetup {
  readonly view: 'lists' | 'search' | 'seeded' | 'trees'
  readonly token: string
  /** Under StrictMode and a cache provider of its own. */
  readonly isStrict: boolean
  readonly seed?: OrganizationMembershipsSeed | undefined
}

/** The page's code as one script, React in its development build: that one warns. */
export async function bundlePage(): Promise<string> {
  const result = await build({
    root: fileURLToPath(new URL('page', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    mode: 'development',
    define: { 'process.env.NODE_ENV': '"development"' },
    build: {
      write: false,
      minify: false,
      rolldownOptions: { input: fileURLToPath(new URL('page/main.tsx', import.meta.url)) },
    },
  })
  const [output] = [result].flat() as Rolldown.RolldownOutput[]
  return output!.output[0].code
}

/** A page's HTML, rendered on this side where it is seeded. */
export function renderPage(setup: PageSetup, client: OrganizationMembershipsClient): string {
  const html = setup.seed
    ? renderToString(<App view={setup.view} client={client} seed={setup.seed} />)
    : ''
  return `<!doctype html><title>test</title><link rel="icon" href="data:,">
<div id="root">${html}</div>
<script>window.setup = ${JSON.stringify(setup).replaceAll('<', '\\u003c')}</script>
<script type="module" src="/main.js"></script>`
}
