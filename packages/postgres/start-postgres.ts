import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { requireDurableSettings, requireServerVersion } from './check-server.ts'
import { createDatabase, dropDatabase, withConnection, withDatabase } from './databases.ts'
import { prepareBinaries } from './embedded/binaries.ts'
import { giveTo, type Place, placeData } from './embedded/place-data.ts'
import { findRunAs, type RunAs } from './embedded/run-as.ts'
import { releaseStarterLock, takeStarterLock } from './embedded/starter-lock.ts'
import { clearLeftServer, stopServer } from './embedded/stop-server.ts'
import { findFreePort } from './free-port.ts'

// A PostgreSQL server of our own, as a child process: nothing to install, nothing to configure. It
// is the real server with its real guarantees; the start refuses one that has given them up.

export type StartPostgres = {
  /** A folder for this database alone; made if missing. */
  readonly dataDir: string
  /** Left out: a free port of the loopback interface. */
  readonly port?: number | undefined
  /** Server settings on top of ours. A durable one that is weakened stops the start. */
  readonly settings?: Readonly<Record<string, string>> | undefined
  /** Where initdb and postgres are. Left out: the packaged PostgreSQL 18. */
  readonly binDir?: string | undefined
  /** Where data lies that cannot lie in `dataDir` (see place-data.ts). */
  readonly shelterDir?: string | undefined
}

/** A running server. Whoever started it stops it; it also stops when this process ends. */
export type Postgres = {
  readonly pid: number
  readonly port: number
  /** PostgreSQL's own data directory; not always inside `dataDir`. */
  readonly cluster: string
  /** With the password in it: not for logs. */
  readonly url: (database: string) => string
  readonly createDatabase: (name: string) => Promise<string>
  readonly dropDatabase: (name: string) => Promise<void>
  /** Resolves when the server has ended, whoever ended it. */
  readonly ended: Promise<void>
  /** Ends sessions, flushes, and resolves when the process is gone. May be called twice. */
  readonly stop: () => Promise<void>
}

/** Bounded by how long a recovery from the log may take after a power cut. */
const startMs = 120_000
const pollMs = 10
const portAttemptsMax = 3
const logTailChars = 2_000
const superuser = 'tillkeeper'

const ourSettings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  // No socket file: its path may not be longer than 107 bytes, and a data folder's often is.
  unix_socket_directories: '',
  cluster_name: 'tillkeeper',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // A shop's server is a small machine that has other work; the rows of a busy day fit in this.
  shared_buffers: '128MB',
  max_connections: '50',
  // Our statements are short: compiling one costs more than running it.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // A file per weekday, overwritten a week later, so that logs cannot fill the disk unseen. Terse:
  // the details of an error hold values of rows.
  logging_collector: 'on',
  log_directory: 'log',
  log_filename: 'postgres-%a.log',
  log_rotation_age: '1d',
  log_rotation_size: '0',
  log_truncate_on_rotation: 'on',
  log_error_verbosity: 'terse',
}

/**
 * Starts the database of `dataDir` and resolves when it answers and its durable settings are proven.
 * The first start makes it. What a killed run left (its server, its notes) is cleared first.
 */
export async function startPostgres(options: StartPostgres): Promise<Postgres> {
  const runAs = await findRunAs()
  const place = await placeData(options.dataDir, runAs, options.shelterDir)
  await takeStarterLock(place.home)
  try {
    const binDir = options.binDir ?? (await prepareBinaries(place.binariesDir, runAs)).binDir
    const password = await keepPassword(place)
    if (!existsSync(place.cluster)) await initialise(place, { binDir, runAs, password })
    const cluster = await realpath(place.cluster)
    await clearLeftServer(cluster)
    return await launch(options, { place: { ...place, cluster }, binDir, runAs, password })
  } catch (error) {
    await releaseStarterLock(place.home)
    throw error
  }
}

type Prepared = {
  readonly place: Place
  readonly binDir: string
  readonly runAs: RunAs | undefined
  readonly password: string
}

async function keepPassword({ home }: Place): Promise<string> {
  const file = join(home, 'password')
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim()
  const password = randomBytes(24).toString('base64url')
  await writeFile(file, `${password}\n`, { mode: 0o600, flush: true })
  return password
}

// Made beside and then renamed: an initdb that was cut off is begun again, never continued.
async function initialise(place: Place, { binDir, runAs, password }: Omit<Prepared, 'place'>) {
  const unfinished = `${place.cluster}.unfinished`
  const passwordFile = join(dirname(place.cluster), 'initial-password')
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o700 })
  await giveTo(unfinished, runAs)
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  await giveTo(passwordFile, runAs)
  try {
    const initdb = join(binDir, 'initdb')
    const args = await initdbArguments(initdb, runAs)
    await run(initdb, ['-D', unfinished, `--pwfile=${passwordFile}`, ...args], runAs)
  } finally {
    await rm(passwordFile, { force: true })
  }
  await rename(unfinished, place.cluster)
}

/** The first version that brings its own locale instead of asking the machine's C library. */
const builtinLocaleVersion = 17

// Text is UTF-8 and sorts by code point: the same on every machine and after every upgrade of its
// libraries, which no locale of the C library promises. Upper and lower case follow Unicode.
async function initdbArguments(initdb: string, runAs: RunAs | undefined): Promise<string[]> {
  const version = await run(initdb, ['--version'], runAs)
  const major = Number(/[0-9]+/.exec(version)?.[0])
  const locale =
    major >= builtinLocaleVersion
      ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
      : ['--locale=C.UTF-8']
  return ['-U', superuser, '--auth=scram-sha-256', '--encoding=UTF8', '--data-checksums', ...locale]
}

async function launch(options: StartPostgres, prepared: Prepared): Promise<Postgres> {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await findFreePort())
    const server = await spawnServer(port, options, prepared)
    try {
      await waitUntilReady(server, prepared.place)
      const postgres = describeServer(server, port, prepared)
      await withConnection(postgres.url('postgres'), async (sql) => {
        await requireServerVersion(sql)
        await requireDurableSettings(sql)
      })
      return postgres
    } catch (error) {
      await stopChild(server)
      // Somebody may have taken the port between our look and the server's.
      const portTaken = error instanceof Error && error.message.includes('Address already in use')
      if (!portTaken || options.port !== undefined || attempt >= portAttemptsMax) throw error
    }
  }
}

async function spawnServer(
  port: number,
  { settings }: StartPostgres,
  { place, binDir, runAs }: Prepared,
): Promise<ChildProcess> {
  const all = Object.entries({ ...ourSettings, ...settings, port: String(port) })
  const log = await open(join(place.home, 'start.log'), 'w', 0o600)
  try {
    return spawn(
      join(binDir, 'postgres'),
      ['-D', place.cluster, ...all.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        ...runAs,
        cwd: '/',
        env: serverEnvironment,
        // A group of its own: Ctrl-C in a terminal reaches us, and we stop it when we are done.
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
      },
    )
  } finally {
    await log.close()
  }
}

// Nothing of ours: PGDATA, PGPORT and the like would change what the server does.
const serverEnvironment = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' }

// The server writes its state into the eighth line of its note, so asking costs no connection.
async function waitUntilReady(server: ChildProcess, { home, cluster }: Place): Promise<void> {
  let failure: Error | undefined
  server.once('error', (error) => {
    failure = error
  })
  for (let waitedMs = 0; waitedMs < startMs; waitedMs += pollMs) {
    if (failure !== undefined) throw failure
    if (hasExited(server)) {
      throw new Error(`PostgreSQL did not start:\n${await readLogTail(home, cluster)}`)
    }
    const note = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
    const lines = note.split('\n')
    if (Number(lines[0]) === server.pid && lines[7]?.trim() === 'ready') return
    await wait(pollMs)
  }
  throw new Error(
    `PostgreSQL is not ready after ${startMs / 1000} s:\n${await readLogTail(home, cluster)}`,
  )
}

async function readLogTail(home: string, cluster: string): Promise<string> {
  const day = new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: 'UTC' }).format()
  const files = [join(home, 'start.log'), join(cluster, 'log', `postgres-${day}.log`)]
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))
  return texts.map((text) => text.slice(-logTailChars).trim()).join('\n')
}

function describeServer(
  server: ChildProcess,
  port: number,
  { place, password }: Prepared,
): Postgres {
  const pid = server.pid
  if (pid === undefined) throw new Error('PostgreSQL did not start')
  const url = (database: string) =>
    withDatabase(`postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`, database)

  // An exit without a stop (an exception that nobody caught) must not leave the server behind.
  const stopOnExit = () => server.kill('SIGINT')
  process.once('exit', stopOnExit)
  const ended = waitForExit(server)
  const stop = async () => {
    await stopChild(server)
    process.removeListener('exit', stopOnExit)
    await releaseStarterLock(place.home)
  }
  return {
    pid,
    port,
    cluster: place.cluster,
    url,
    createDatabase: async (name) => {
      await createDatabase(url('postgres'), name)
      return url(name)
    },
    dropDatabase: (name) => dropDatabase(url('postgres'), name),
    ended,
    stop,
  }
}

async function stopChild(server: ChildProcess): Promise<void> {
  const { pid } = server
  if (pid === undefined || hasExited(server)) return
  await stopServer(pid)
  await waitForExit(server)
}

function hasExited({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

function waitForExit(server: ChildProcess): Promise<void> {
  if (hasExited(server)) return Promise.resolve()
  return new Promise((resolve) => server.once('exit', () => resolve()))
}

async function run(file: string, args: readonly string[], runAs: RunAs | undefined) {
  const child = spawn(file, args, {
    ...runAs,
    cwd: '/',
    env: serverEnvironment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-logTailChars)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`${file} failed:\n${output.trim()}`)
  return output
}
