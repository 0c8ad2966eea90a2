// `pnpm bench` runs every benchmark, `pnpm bench core` one of them. Each is a file beside this one that prints a table
// of medians over several alternating rounds; speed is given as a ratio to a peer in the same run.
import { readdir } from 'node:fs/promises'
import { arch, cpus, platform } from 'node:os'
import process from 'node:process'

const here = new URL('.', import.meta.url)
const files = (await readdir(here)).filter((file) => file.endsWith('.bench.js')).toSorted()
const names = files.map((file) => file.replace('.bench.js', ''))
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  console.error(`No benchmark is named ${unknown.join(', ')}; there are: ${names.join(', ')}.`)
  process.exit(1)
}

console.log(
  `Node ${process.version}, ${platform()} ${arch()}, ${cpus().length} × ${cpus()[0]?.model}`,
)
for (const name of asked.length > 0 ? asked : names) {
  console.log(`\n# ${name}\n`)
  // oxlint-disable-next-line no-await-in-loop -- one at a time, or they would measure each other
  await import(new URL(`${name}.bench.js`, here).href)
}
