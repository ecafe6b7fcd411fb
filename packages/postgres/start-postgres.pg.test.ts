import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withConnection } from './databases.ts'
import { findPackage, prepareBinaries } from './embedded/binaries.ts'
import { removeData } from './embedded/place-data.ts'
import { isRunning, waitForEnd } from './embedded/processes.ts'
import { findRunAs } from './embedded/run-as.ts'
import { type StartPostgres, startPostgres } from './start-postgres.ts'

// These start servers of their own. Run by root they cover root and (through a child that becomes
// nobody) a user; run by a user they cover that user.

const isRoot = process.getuid?.() === 0
const nobody = 65_534

let folder = ''
let options: StartPostgres & { readonly shelterDir: string }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillkeeper-postgres-'))
  await chmod(folder, 0o755)
  options = { dataDir: join(folder, 'data'), shelterDir: join(folder, 'shelter') }
})
afterEach(async () => {
  await removeData(options.dataDir)
  await rm(folder, { recursive: true, force: true })
})

const writeOne = (url: string) =>
  withConnection(url, async (sql) => {
    await sql`CREATE TABLE IF NOT EXISTS kept (one int)`
    await sql`INSERT INTO kept (one) VALUES (1)`
  })
const countKept = (url: string) =>
  withConnection(url, async (sql) => {
    const [row] = await sql<{ rows: number }[]>`SELECT count(*)::int AS rows FROM kept`
    return row?.rows
  })

test('what was written is there after a stop and a start', async () => {
  const first = await startPostgres(options)
  await writeOne(await first.createDatabase('shop'))
  await first.stop()
  await first.ended
  expect(isRunning(first.pid)).toBe(false)

  const second = await startPostgres(options)
  expect(await countKept(second.url('shop'))).toBe(1)
  await second.stop()
  await second.stop() // Twice is once.
})

test('a data folder is started by one process at a time', async () => {
  const server = await startPostgres(options)
  await expect(startPostgres(options)).rejects.toThrow(`in use by process ${process.pid}`)
  expect(isRunning(server.pid)).toBe(true)
  await server.stop()
})

test.for(['fsync', 'synchronous_commit', 'full_page_writes'])(
  'a server with %s = off is refused by that name and does not stay',
  async (name) => {
    const start = startPostgres({ ...options, settings: { [name]: 'off' } })
    await expect(start).rejects.toThrow(`${name} = off`)
    expect(existsSync(join(options.dataDir, 'cluster', 'postmaster.pid'))).toBe(false)
    const sound = await startPostgres(options) // Nothing holds the folder.
    await sound.stop()
  },
)

test('a database without checksums is refused by that name', async () => {
  const runAs = await findRunAs()
  const { binDir } = await prepareBinaries(join(folder, 'binaries'), runAs)
  const cluster = join(options.dataDir, 'cluster')
  await mkdir(options.dataDir)
  await mkdir(cluster, { mode: 0o700 })
  if (runAs) await chown(cluster, runAs.uid, runAs.gid)
  const passwordFile = join(options.dataDir, 'password')
  await writeFile(passwordFile, 'not-a-secret\n', { mode: 0o644 })
  const args = [
    '-D',
    cluster,
    '-U',
    'tillkeeper',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
  ]
  execFileSync(join(binDir, 'initdb'), [...args, '--locale=C', '--no-data-checksums'], {
    ...runAs,
    cwd: '/',
    stdio: 'ignore',
  })
  await expect(startPostgres(options)).rejects.toThrow('data_checksums = off')
})

test('a setting that the server does not know is told in its own words', async () => {
  const start = startPostgres({ ...options, settings: { no_such_setting: '1' } })
  await expect(start).rejects.toThrow(/no_such_setting/)
})

test('an initdb that was cut off is begun again', async () => {
  await mkdir(join(options.dataDir, 'cluster.unfinished', 'base'), { recursive: true })
  const server = await startPostgres(options)
  await server.stop()
})

test('a note that names a process which is not the database costs that process nothing', async () => {
  const server = await startPostgres(options)
  await server.stop()
  await writeFile(join(server.cluster, 'postmaster.pid'), `${process.pid}\n${server.cluster}\n`)
  const again = await startPostgres(options) // We are alive to see it.
  await again.stop()
})

type Started = { readonly child: ChildProcess; readonly pid: number; readonly url: string }

async function startInChild(more: object = {}): Promise<Started> {
  const program = fileURLToPath(new URL('./testing/starter.ts', import.meta.url))
  const child = spawn(process.execPath, [program, JSON.stringify({ ...options, ...more })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, ...(JSON.parse(line) as { pid: number; url: string }) }
  }
  throw new Error('the child ended before its database was ready')
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

test('a server whose starter was killed is found, stopped and followed by a new one', async () => {
  const { child, pid, url } = await startInChild()
  await writeOne(url)
  await kill(child)
  expect(isRunning(pid), 'the orphan runs on').toBe(true)

  const server = await startPostgres(options)
  expect(isRunning(pid)).toBe(false)
  expect(await countKept(server.url('postgres'))).toBe(1)
  await server.stop()
})

test('a server that was killed with its starter recovers what it had acknowledged', async () => {
  const { child, pid, url } = await startInChild()
  await writeOne(url)
  process.kill(pid, 'SIGKILL')
  await kill(child)
  await waitForEnd(pid, 5_000)

  const server = await startPostgres(options)
  expect(await countKept(server.url('postgres'))).toBe(1)
  await server.stop()
})

if (isRoot) {
  test('run by root, the server is somebody without rights', async () => {
    const server = await startPostgres(options)
    expect(statSync(`/proc/${server.pid}`).uid).not.toBe(0)
    expect(statSync(server.cluster).mode & 0o777).toBe(0o700)
    await server.stop()
  })

  test('run by root in a folder that others cannot enter, the data lies aside and stays', async () => {
    await mkdir(options.dataDir, { mode: 0o700 })
    const first = await startPostgres(options)
    expect(first.cluster.startsWith(options.shelterDir)).toBe(true)
    await writeOne(first.url('postgres'))
    await first.stop()

    const second = await startPostgres(options)
    expect(second.cluster).toBe(first.cluster)
    expect(await countKept(second.url('postgres'))).toBe(1)
    await second.stop()

    const copy = join(folder, 'copy')
    execFileSync('cp', ['-a', options.dataDir, copy])
    await expect(startPostgres({ ...options, dataDir: copy })).rejects.toThrow('looks like a copy')

    // Moved, it takes its database along.
    await rm(copy, { recursive: true })
    await rename(options.dataDir, copy)
    const moved = await startPostgres({ ...options, dataDir: copy })
    expect(await countKept(moved.url('postgres'))).toBe(1)
    await moved.stop()
    await removeData(copy)
    expect(existsSync(first.cluster)).toBe(false)
  })

  test('a sheltered database whose data folder was removed is put aside, not reused', async () => {
    await mkdir(options.dataDir, { mode: 0o700 })
    const first = await startPostgres(options)
    await writeOne(first.url('postgres'))
    await first.stop()
    await rm(options.dataDir, { recursive: true })
    await mkdir(options.dataDir, { mode: 0o700 })

    const second = await startPostgres(options)
    await expect(countKept(second.url('postgres'))).rejects.toThrow('does not exist')
    await second.stop()
  })

  test('binaries in a folder that others cannot enter are copied once', async () => {
    const runAs = await findRunAs()
    const closed = join(folder, 'closed')
    await mkdir(closed, { mode: 0o700 })
    const found = await findPackage()
    execFileSync('cp', ['-a', found.native, join(closed, 'native')])
    const closedPackage = { ...found, native: join(closed, 'native') }

    const one = await prepareBinaries(options.shelterDir, runAs, closedPackage)
    expect(one.binDir.startsWith(options.shelterDir)).toBe(true)
    const { ino } = statSync(one.binDir)
    const two = await prepareBinaries(options.shelterDir, runAs, closedPackage)
    expect(statSync(two.binDir).ino).toBe(ino)
    const server = await startPostgres({ ...options, binDir: two.binDir })
    await server.stop()
  })

  test('run by a user, the server is that user', async () => {
    const runAs = await findRunAs()
    const { binDir } = await prepareBinaries(join(folder, 'binaries'), runAs)
    await mkdir(options.dataDir)
    await chown(options.dataDir, nobody, nobody)
    const { child, pid, url } = await startInChild({ uid: nobody, binDir })
    expect(statSync(`/proc/${pid}`).uid).toBe(nobody)
    await writeOne(url)
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await gone
    expect(isRunning(pid)).toBe(false)
  })
}
