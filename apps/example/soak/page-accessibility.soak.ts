import { passesAxe } from '../e2e/passes-axe.js'

passesAxe({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
