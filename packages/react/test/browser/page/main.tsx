import { OrganizationMembershipsClient } from '@org-memberships/core'
import { StrictMode } from 'react'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { SWRConfig } from 'swr'
import { App } from './app.js'
import type { PageSetup } from '../serve-page.js'

declare global {
  interface Window {
    setup: PageSetup
    /** The text of the page after each commit that changed it. */
    committed: string[]
  }
}

const { view, token, isStrict, seed } = window.setup
const client = new OrganizationMembershipsClient({ baseURL: '/v1', getToken: () => token })
const container = document.querySelector('#root')!

window.committed = [container.textContent]
// Called once after each commit, before the browser paints.
new MutationObserver(() => window.committed.push(container.textContent)).observe(container, {
  subtree: true,
  childList: true,
  characterData: true,
})

const app = <App view={view} client={client} seed={seed} />
const tree = isStrict ? (
  <StrictMode>
    <SWRConfig value={{ provider: () => new Map() }}>{app}</SWRConfig>
  </StrictMode>
) : (
  app
)
if (seed) hydrateRoot(container, tree, { onRecoverableError: (error) => console.error(error) })
else createRoot(container).render(tree)
