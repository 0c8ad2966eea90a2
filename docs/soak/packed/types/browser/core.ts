// A page's own code: DOM, and nothing of Node.
import { OrganizationMembershipsClient } from '@org-memberships/core'

export const memberships = new OrganizationMembershipsClient({
  baseURL: '/api/v1',
  getToken: async () => document.cookie,
  onEvent: (event) => console.log(event),
  headers: { 'x-page': location.pathname, accept: null },
  fetch: window.fetch,
})
