import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { readSamples, type Sample } from '../../test/markdown-samples.js'
import { run } from '../packed/commands.js'
import { catalogVersion, type PackedPackage, packPackages } from '../packed/packages.js'

/** Of `create-next-app`, which has a version of Next of its own. The guide says 16; a newer one is to be tried first. */
const nextVersion = '16.4.3'

/** Of the package in the guide's last sample, which is compiled. */
const clerkVersion = '7.9.17'

const guide = 'docs/getting-started/nextjs.md'

/** What Next's processes run under: no telemetry, and each connection to the outside told. */
export const nextEnvironment = {
  NEXT_TELEMETRY_DISABLED: '1',
  NODE_OPTIONS: `--import=${new URL('report-outside.mjs', import.meta.url).href}`,
}

export interface GuideApp {
  readonly folder: string
  /** The text of a block of the guide that has a name. */
  textOf(fileName: string): string
}

/** Follows the guide from its first command on, in a folder of its own: with its files, and with our packages packed. */
export async function makeGuideApp(parent: string): Promise<GuideApp> {
  const samples = await readSamples(guide)
  const commands = sampleUnder('## An app, and somebody to show', 'sh').code.trim().split('\n')
  const [create = '', enter = '', ...installs] = commands
  const folder = join(parent, enter.replace(/^cd /, ''))
  const [packages] = await Promise.all([packPackages(parent), createApp(create, parent)])
  for (const install of [...installs, `npm install @clerk/nextjs@${clerkVersion}`]) {
    await run(toInstall(install, packages), { cwd: folder })
  }
  const files = samples.filter(isFile)
  const otherSession = { ...sampleUnder('## With Clerk', 'ts'), fileName: 'lib/clerk-session.ts' }
  await Promise.all([...files, otherSession].map((sample) => write(folder, sample)))
  return { folder, textOf: (fileName) => named(fileName).code }

  function sampleUnder(heading: string, language: string): Sample {
    const sample = samples.find((one) => one.heading === heading && one.language === language)
    if (sample === undefined) throw new Error(`${guide} has no ${language} under '${heading}'.`)
    return sample
  }

  function named(fileName: string): Sample {
    const sample = samples.find((one) => one.fileName === fileName)
    if (sample === undefined) throw new Error(`${guide} has no block named '${fileName}'.`)
    return sample
  }
}

/** What somebody answered to create-next-app once is remembered in a folder that is not theirs here. */
async function createApp(command: string, parent: string): Promise<void> {
  const [npx, name, ...rest] = command.split(' ')
  if (npx !== 'npx' || name !== 'create-next-app@16') throw new Error(`Unexpected: ${command}`)
  await run(
    ['npx', '--yes', `create-next-app@${nextVersion}`, ...rest, '--skip-install', '--disable-git'],
    { cwd: parent, env: { NEXT_TELEMETRY_DISABLED: '1', XDG_CONFIG_HOME: parent } },
  )
}

/** Our packages from their tarballs, the others in the versions of this workspace. */
function toInstall(command: string, packages: readonly PackedPackage[]): [string, ...string[]] {
  const [npm, install, ...rest] = command.split(' ')
  if (npm !== 'npm' || install !== 'install') throw new Error(`Unexpected: ${command}`)
  const sources = rest.map((word) => {
    if (word.startsWith('--')) return word
    const own = packages.find(({ manifest }) => manifest.name === word)
    if (own) return `file:${own.tarball}`
    return word.includes('@', 1) ? word : `${word}@${catalogVersion(word)}`
  })
  const quiet = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund']
  return ['npm', 'install', ...quiet, ...sources]
}

/** A block that says where it belongs. `.env.local` comes after the build, which needs no secret. */
function isFile({ fileName, line }: Sample): boolean {
  return !fileName.includes(`-line-${line}.`) && fileName !== '.env.local'
}

async function write(folder: string, { fileName, code }: Sample): Promise<void> {
  const file = join(folder, fileName)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, code)
}

/** Next's own command, without a package manager between it and us. */
export function nextCommand(folder: string): string {
  return join(folder, 'node_modules/next/dist/bin/next')
}
