import './styles.js'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.js'
import { resolveCSSVariables, theme } from './theme.js'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with the id root.')

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      cssVariablesResolver={resolveCSSVariables}
    >
      {/* Below an open dialog (200), whose alert and buttons they would cover. */}
      <Notifications position="bottom-right" limit={4} zIndex={150} />
      <App />
    </MantineProvider>
  </StrictMode>,
)
