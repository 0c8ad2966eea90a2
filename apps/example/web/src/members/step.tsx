import { Button, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type Attempt, inWords, type Words } from '../app/error-in-words.js'
import { tell } from '../layout/tell.js'

/** One write, and what to say of it. */
export interface Step extends Attempt {
  act: () => Promise<unknown>
  /** What to say when it went well. */
  done: string
}

/** Does it, and says in a corner of the page that it went well; else resolves with the words for what went wrong. */
export async function take(step: Step): Promise<Words | null> {
  try {
    await step.act()
  } catch (error) {
    // The session that it was done in has ended, and its reader is not the one who would be told.
    if (error instanceof DOMException && error.name === 'AbortError') return null
    return inWords(error, step)
  }
  notifications.show({ color: 'teal', message: step.done, autoClose: 4000 })
  return null
}

/** Does it, and says in a corner of the page how it went, with a way to try again where that may help. */
export async function takeAndTell(step: Step): Promise<void> {
  const words = await take(step)
  if (words === null) return
  if (!words.retry) {
    tell(words)
    return
  }
  const id = notifications.show({
    color: 'red',
    role: 'alert',
    title: words.title,
    autoClose: 10_000,
    message: (
      <>
        <Text size="sm">{words.message}</Text>
        <Button
          mt={6}
          size="compact-sm"
          variant="light"
          color="red"
          onClick={() => {
            notifications.hide(id)
            void takeAndTell(step)
          }}
        >
          Try again
        </Button>
      </>
    ),
  })
}
