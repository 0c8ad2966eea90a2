import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { cleanEnvironment, pnpmCommand } from './commands.js'

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly peerDependencies?: { readonly [name: string]: string }
  readonly peerDependenciesMeta?: { readonly [name: string]: { readonly optional?: boolean } }
}

export interface PackedPackage {
  readonly manifest: Manifest
  /** The file that would be uploaded. */
  readonly tarball: string
}

const packagesFolder = fileURLToPath(new URL('../../../packages/', import.meta.url))

/** Packs each published package as `pnpm publish` would, from what is built now. */
export function packPackages(destination: string): Promise<PackedPackage[]> {
  return Promise.all(readdirSync(packagesFolder).map((folder) => pack(folder, destination)))
}

async function pack(folder: string, destination: string): Promise<PackedPackage> {
  const cwd = `${packagesFolder}${folder}`
  const [command, ...first] = pnpmCommand()
  const parameters = [...first, 'pack', '--json', '--pack-destination', destination]
  const { stdout } = await promisify(execFile)(command, parameters, {
    cwd,
    env: cleanEnvironment(),
    timeout: 240_000,
  })
  const { filename } = JSON.parse(stdout) as { filename: string }
  const manifest = JSON.parse(readFileSync(`${cwd}/package.json`, 'utf8')) as Manifest
  return { manifest, tarball: filename }
}

/** The peers that an app has to install: the optional ones are left to those who use them. */
export function requiredPeers(packages: readonly PackedPackage[]): { [name: string]: string } {
  const peers = packages.flatMap(({ manifest }) =>
    Object.entries(manifest.peerDependencies ?? {}).filter(
      ([name]) => manifest.peerDependenciesMeta?.[name]?.optional !== true,
    ),
  )
  const own = new Set(packages.map(({ manifest }) => manifest.name))
  return Object.fromEntries(peers.filter(([name]) => !own.has(name)))
}

/** `^18.2.0 || ^19.0.0` promises 18.2.0: the lowest version is written first. */
export function lowestVersion(range: string): string {
  const [version] = /\d+\.\d+\.\d+/.exec(range) ?? []
  if (version === undefined) throw new Error(`The range '${range}' names no version.`)
  return version
}

/** The version that this workspace uses, out of the catalog. */
export function catalogVersion(name: string): string {
  const workspace = readFileSync(new URL('../../../pnpm-workspace.yaml', import.meta.url), 'utf8')
  const line = workspace.split('\n').find((one) => one.replaceAll("'", '').startsWith(`  ${name}:`))
  const version = line?.split(': ').at(-1)
  if (version === undefined) throw new Error(`pnpm-workspace.yaml has no ${name} in its catalog.`)
  return version
}
