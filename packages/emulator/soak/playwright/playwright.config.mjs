import { defineConfig } from '@playwright/test'

export default defineConfig({
  webServer: {
    command: 'npx org-memberships-emulator --port 9899 --seed seed.json',
    // Answers 401 without a key, which Playwright takes for ready.
    url: 'http://127.0.0.1:9899/v1/jwks',
    reuseExistingServer: !process.env.CI,
  },
})
