import type { Locator, Page } from 'playwright-core'

/** The page as a person meets it: by what it says and by the names of its controls. */
export class MembersScreen {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  get list(): Locator {
    return this.page.getByLabel('Members', { exact: true })
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog')
  }

  get alert(): Locator {
    return this.page.getByRole('alert')
  }

  row(userId: string): Locator {
    return this.page.locator(`[data-user-id="${userId}"]`)
  }

  rows(): Locator {
    return this.page.locator('[data-user-id]')
  }

  roleOf(name: string): Locator {
    return this.page.getByLabel(`Role of ${name}`)
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name })
  }

  /** What the page says in passing, in a corner. */
  said(text: string | RegExp): Locator {
    return this.page.locator('.mantine-Notification-root').filter({ hasText: text })
  }

  /** Opens what a narrow window keeps behind its title. */
  async disclose(region: string): Promise<void> {
    const closed = this.page.getByRole('region', { name: region }).locator('details:not([open])')
    if ((await closed.count()) > 0) await closed.locator('summary').click()
  }

  async become(name: string): Promise<void> {
    await this.disclose('About this demo')
    await this.page.getByRole('radiogroup', { name: 'You are' }).getByText(name).click()
  }

  async search(text: string): Promise<void> {
    await this.page.getByLabel('Search members').fill(text)
  }
}
