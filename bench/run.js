// `pnpm bench` runs every benchmark and writes docs/benchmarks.md; `pnpm bench core` runs one and writes nothing. Each
// is a file beside this one that prints medians over several alternating rounds, as ratios to a peer in the same run.
import { spawn } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { arch, cpus, platform, totalmem } from 'node:os'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const here = new URL('.', import.meta.url)
const files = (await readdir(here)).filter((file) => file.endsWith('.bench.js')).toSorted()
const names = files.map((file) => file.replace('.bench.js', ''))
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  console.error(`No benchmark is named ${unknown.join(', ')}; there are: ${names.join(', ')}.`)
  process.exit(1)
}

const machine = `Node ${process.versions.node}, ${platform()} ${arch()}, ${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`
console.log(machine)
const reports = []
for (const name of asked.length > 0 ? asked : names) {
  console.log(`\n# ${name}\n`)
  reports.push({ name, text: await run(name) })
}
if (asked.length === 0) await writeReport()

/** A process of its own for each, so that none meets the heap that another left. */
function run(name) {
  const file = fileURLToPath(new URL(`${name}.bench.js`, here))
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--expose-gc', file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk)
      text += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(text.replace(/^\n+/, '').trimEnd())
      else reject(new Error(`The benchmark ${name} ended with ${code}.`))
    })
  })
}

async function writeReport() {
  const lines = [
    '# Benchmarks',
    '',
    'Written by `npx --yes pnpm@12.21.0 bench`; nothing here is typed in by hand. Each figure is a median over several rounds in',
    'which the peers take turns in the same process, so read the ratios: the absolute times are those of one machine. Misses',
    'are reported like hits.',
    '',
    `- Machine: ${machine}`,
    `- Peers: ${await versions()}`,
    `- Date: ${new Date().toISOString().slice(0, 10)}`,
    ...reports.flatMap(({ name, text }) => ['', `## ${name}`, '', '```text', text, '```']),
    '',
  ]
  await writeFile(new URL('../docs/benchmarks.md', here), lines.join('\n'))
  console.log('\nWritten to docs/benchmarks.md.')
}

async function versions() {
  const manifest = JSON.parse(await readFile(new URL('package.json', here), 'utf8'))
  const peers = [
    '@clerk/backend',
    '@clerk/react',
    '@clerk/clerk-js',
    'swr',
    'react',
    '@nestjs/core',
  ]
  const found = peers
    .filter((name) => name in manifest.dependencies)
    .map(async (name) => {
      const path = new URL(`node_modules/${name}/package.json`, here)
      return `${name} ${JSON.parse(await readFile(path, 'utf8')).version}`
    })
  return (await Promise.all(found)).join(', ')
}
