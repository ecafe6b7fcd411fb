import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findLeftovers } from './leftovers.ts'

let folder = ''
const mark = `TILLKEEPER_TEST_RUN=planted-${process.pid}`

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillkeeper-leftovers-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const listen = `
  const server = require('node:net').createServer().listen(0, '127.0.0.1', () => {
    process.stdout.write(String(server.address().port))
  })`

/** Starts a process that listens on a port, and gives its id and port. */
async function plant(options: { env?: NodeJS.ProcessEnv; cwd?: string; args?: string[] }) {
  const child = spawn(process.execPath, ['-e', listen, ...(options.args ?? [])], {
    ...options,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [port] = await new Promise<Buffer[]>((resolve) =>
    child.stdout.once('data', (data: Buffer) => resolve([data])),
  )
  const end = async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }
  return { pid: child.pid, port: Number(port?.toString()), end }
}

test.for([
  ['its environment', () => ({ env: { TILLKEEPER_TEST_RUN: `planted-${process.pid}` } })],
  ['its folder', () => ({ env: {}, cwd: folder })],
  ['its command line', () => ({ env: {}, args: [folder] })],
] as const)('a process that a run left is found by %s, with its port', async ([, options]) => {
  const { pid, port, end } = await plant(options())
  const found = findLeftovers(mark, folder)
  await end()
  expect(found.map((left) => left.pid)).toEqual([pid])
  expect(found[0]?.ports).toEqual([port])
  expect(findLeftovers(mark, folder)).toEqual([])
})

test('a database that lies aside is found by what says whose it is', async () => {
  const shelter = await mkdtemp(join(tmpdir(), 'tillkeeper-shelter-'))
  await mkdir(join(shelter, 'cluster'))
  await writeFile(join(shelter, 'owner.json'), JSON.stringify({ home: join(folder, 'data') }))
  const { pid, end } = await plant({ env: {}, cwd: join(shelter, 'cluster') })
  const found = findLeftovers(mark, folder)
  await end()
  await rm(shelter, { recursive: true })
  expect(found.map((left) => left.pid)).toEqual([pid])
})

test('a process of somebody else is left alone', async () => {
  const { end } = await plant({ env: {} })
  const found = findLeftovers(mark, folder)
  await end()
  expect(found).toEqual([])
})
