import { notifications } from '@mantine/notifications'
import type { Words } from '../app/error-in-words.js'

/** Says in a corner of the page that something went wrong. */
export function tell({ title, message }: Words): void {
  notifications.show({ color: 'red', role: 'alert', title, message, autoClose: 10_000 })
}
