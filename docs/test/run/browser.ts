import { OrganizationMembershipsClient } from '@org-memberships/core'
import { OrganizationMembershipsProvider } from '@org-memberships/react'
import { act, cleanup, fireEvent, render } from '@testing-library/react'
import { type ComponentType, createElement, type JSX } from 'react'
import { SWRConfig } from 'swr'
import { onTestFinished } from 'vitest'

/** Renders a component below a provider, with an empty cache and the backend that stands in at `/api/v1`. */
export function show<Props extends JSX.IntrinsicAttributes & object>(
  component: ComponentType<Props>,
  props: Props,
): void {
  const client = new OrganizationMembershipsClient({
    baseURL: '/api/v1',
    getToken: () => null,
    maxRetries: 0,
  })
  showAlone(
    createElement(OrganizationMembershipsProvider, { client }, createElement(component, props)),
  )
}

/** Renders an element with an empty cache. */
export function showAlone(element: JSX.Element): void {
  onTestFinished(cleanup)
  render(createElement(SWRConfig, { value: { provider: () => new Map() } }, element))
}

/** What is on the page. */
export function text(): string {
  return document.body.textContent ?? ''
}

/** Clicks on the first button that has these words on it. */
export async function click(words: string): Promise<void> {
  const buttons = [...document.querySelectorAll('button')]
  const button = buttons.find(({ textContent }) => textContent.includes(words))
  if (button === undefined) throw new Error(`No button says '${words}': ${text()}`)
  await act(async () => void fireEvent.click(button))
}
