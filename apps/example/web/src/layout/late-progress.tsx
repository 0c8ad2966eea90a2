import { Box, Progress } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'

// ms. An answer that comes sooner needs no bar, which would only flicker.
const patience = 200

/** A thin bar while something takes long. It takes no room of its own: put it at the top of what is waited for. */
export function LateProgress({ isBusy, label }: { isBusy: boolean; label: string }) {
  const [hasBeenBusy] = useDebouncedValue(isBusy, patience)
  return (
    <Box pos="relative" h={0} style={{ zIndex: 1 }}>
      {isBusy && hasBeenBusy && (
        <Progress.Root size={3} pos="absolute" top={-6} left={0} right={0} role="status">
          <Progress.Section value={100} animated withAria={false} aria-label={label} />
        </Progress.Root>
      )}
    </Box>
  )
}
