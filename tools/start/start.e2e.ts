import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { removeChain } from '@tillkeeper/chain/remove-chain.ts'
import { findFreePort } from '@tillkeeper/postgres/free-port.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { demoPlan } from './demo-plan.ts'
import { portsNeeded } from './ports.ts'

// `npm start` as a person meets it: real processes, what it prints, what one can do with it.

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const portsOfDemo = portsNeeded(demoPlan.shops.length)
const readyMs = 120_000
const goneMs = 30_000

let demos: Demo[] = []
let folder = ''
let dataDir = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillkeeper-start-'))
  await chmod(folder, 0o755) // As most folders are: the database of a root passes through.
  dataDir = join(folder, 'data')
})
afterEach(async () => {
  // Those that a failed test did not stop; a launcher that has ended takes no signal.
  for (const { child, end } of demos) {
    child.kill('SIGTERM')
    await end
  }
  demos = []
  await removeChain(dataDir).catch(() => undefined)
  await rm(folder, { recursive: true, force: true })
})

type Demo = {
  readonly child: ChildProcess
  readonly text: () => string
  readonly end: Promise<number | string | null>
}

function start(...args: string[]): Demo {
  const program = join(root, 'tools', 'run.mjs')
  const child = spawn(process.execPath, [program, 'start', '--data', dataDir, ...args])
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  const end = new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code)),
  )
  const demo = { child, text: () => text, end }
  demos.push(demo)
  return demo
}

async function waitUntilReady({ text, child }: Demo): Promise<void> {
  await expect
    .poll(() => (child.exitCode === null ? text() : `ended: ${text()}`), { timeout: readyMs })
    .toMatch(/^ready$|^ended/m)
  expect(text()).toMatch(/^ready$/m)
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  const free = await new Promise<boolean>((resolve) => {
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => resolve(true))
  })
  probe.close()
  return free
}

const get = async (url: string) => (await fetch(url)).status
const post = async (url: string, body: unknown) => {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> }
}

test('a demo chain starts, lets everybody in, stops at Ctrl-C and goes on the next time', async () => {
  const port = await findFreePort(portsOfDemo)
  const demo = start('--port', String(port))
  await waitUntilReady(demo)

  const urls = [...new Set(demo.text().match(/http:\/\/[^\s]+/g))]
  expect(urls).toHaveLength(2 + 4 * demoPlan.shops.length)
  for (const url of urls) expect(await get(url), url).toBe(200)

  for (const [index, shop] of demoPlan.shops.entries()) {
    const store = `http://127.0.0.1:${port + 1 + index}`
    for (const { number, pin, login, password } of [...shop.people, ...demoPlan.people]) {
      expect((await post(`${store}/v1/auth/pin`, { number, pin })).status, number).toBe(200)
      if (login === undefined) continue
      const answer = await post(`${store}/v1/auth/password`, { login, password })
      expect(answer.status, login).toBe(200)
    }
  }
  const [owner] = demoPlan.people
  const { login, password } = owner ?? {}
  for (const index of demoPlan.shops.keys()) {
    // The machine on the counter is at rest, counted, and every till may ask it.
    const store = `http://127.0.0.1:${port + 1 + index}`
    const { body: tokens } = await post(`${store}/v1/auth/password`, { login, password })
    const headers = { authorization: `Bearer ${tokens.accessToken}` }
    const read = async (path: string) => (await fetch(`${store}${path}`, { headers })).json()
    // The register is the chain's, and the count the shop's own.
    const counted = { name: 'CI-10', known: true, unresolved: 0 }
    await expect
      .poll(() => read('/v1/recyclers'), { timeout: goneMs })
      .toMatchObject({ items: expect.arrayContaining([expect.objectContaining(counted)]) })
    expect(await read('/v1/recyclers/live')).toMatchObject({ items: [{ at: 'idle' }] })
  }
  const cloud = `http://127.0.0.1:${port}`
  const { body } = await post(`${cloud}/v1/auth/password`, { login, password })
  const reply = await fetch(`${cloud}/v1/products?limit=200`, {
    headers: { authorization: `Bearer ${body.accessToken}` },
  })
  const { items } = (await reply.json()) as { items: { name: string }[] }
  expect(items.map(({ name }) => name).sort()).toEqual(
    demoPlan.products.map(({ name }) => name).sort(),
  )

  const busy = start('--port', String(port))
  expect(await busy.end).toBe(1)
  expect(busy.text()).toContain('is already running (process')

  demo.child.kill('SIGINT')
  expect(await demo.end).toBe(0)
  expect(demo.text()).toMatch(/stopping\nstopped\n$/)
  for (let each = port; each < port + portsOfDemo; each += 1) expect(await isFree(each)).toBe(true)

  const again = start('--port', String(port))
  await waitUntilReady(again)
  expect(again.text(), 'what was made is used').not.toContain('building')
  const second = await post(`${cloud}/v1/auth/password`, { login, password })
  expect(second.status).toBe(200)
  again.child.kill('SIGINT')
  expect(await again.end).toBe(0)
})

test('a demo that was killed leaves servers behind, the next start takes over, --fresh begins anew', async () => {
  const port = await findFreePort(portsOfDemo)
  const first = start('--port', String(port))
  await waitUntilReady(first)
  // The launcher and the command below it: as if the terminal's machine had lost them.
  const command = Number((/process ([0-9]+)/.exec(await runningMessage(port)) ?? [])[1])
  process.kill(command, 'SIGKILL')
  await first.end
  expect(await isFree(port), 'the orphans run on').toBe(false)

  const second = start('--port', String(port))
  await waitUntilReady(second)
  expect(keyIn(second), 'the chain that was made is used').toBe(keyIn(first))
  second.child.kill('SIGTERM')
  expect(await second.end).toBe(0)
  await expect.poll(() => isFree(port), { timeout: goneMs }).toBe(true)

  const fresh = start('--port', String(port), '--fresh')
  await waitUntilReady(fresh)
  expect(keyIn(fresh), 'another chain was made').not.toBe(keyIn(first))
  fresh.child.kill('SIGINT')
  expect(await fresh.end).toBe(0)
})

/** The chain's API key, as it is printed. */
const keyIn = ({ text }: Demo) => (/tk_live_\S+/.exec(text()) ?? ['no key'])[0]

async function runningMessage(port: number): Promise<string> {
  const other = start('--port', String(port))
  await other.end
  return other.text()
}

test('a folder that is not ours is not touched, with --fresh or without', async () => {
  await mkdir(dataDir)
  await writeFile(join(dataDir, 'thesis.txt'), 'not ours')
  for (const args of [['--fresh'], []]) {
    const refused = start(...args)
    expect(await refused.end).toBe(1)
    expect(refused.text()).toContain('not a folder of Tillkeeper')
  }
})
