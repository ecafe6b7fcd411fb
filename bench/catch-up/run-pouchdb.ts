import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { connect } from '@tillkeeper/projections/db.ts'
import { readTreeMs } from '../measure/cpu-time.ts'

// PouchDB on LevelDB to express-pouchdb on LevelDB, two processes, with the same facts as documents. It
// keeps documents, flushes nothing that we found, and makes no tables of them.

export type PouchRun = {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly equal: boolean
}
export type Pouch = { readonly run: () => Promise<PouchRun>; readonly stop: () => Promise<void> }

const peers = fileURLToPath(new URL('../peers/', import.meta.url))
const readBatch = 2_000

/** Installs the peers where they are not yet, and loads the facts of the shop into the source. */
export async function openPouch(storeUrl: string, say: (line: string) => void): Promise<Pouch> {
  if (!existsSync(join(peers, 'node_modules', '.package-lock.json'))) {
    say('pouchdb: installing what bench/peers/package-lock.json lists')
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    const npm = spawn('npm', ['ci', ...flags], { cwd: peers, stdio: ['ignore', 2, 2] })
    const [code] = await once(npm, 'exit')
    if (code !== 0)
      throw new Error('pouchdb: npm ci failed; is the npm registry reachable from here?')
  }
  const folder = await mkdtemp(join(tmpdir(), 'tillkeeper-pouch-'))
  const file = join(folder, 'facts.ndjson')
  await writeFacts(storeUrl, file)
  const source = startPeer('pouch-source.mjs', [folder, file])
  const stop = async () => {
    await source.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    say('pouchdb: filling the source')
    const { docs } = await source.ask<{ docs: number }>({ act: 'fill' })
    await rm(file)
    const own = await source.ask<Digest>({ act: 'digest' })
    if (own.count !== docs) throw new Error('pouchdb: not all documents are in the source')
    let runs = 0
    return {
      run: () => {
        runs += 1
        return replicate(source, { own, name: `run${runs}` })
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

type Digest = { readonly count: number; readonly digest: string }
type Peer = ReturnType<typeof startPeer>

async function replicate(
  source: Peer,
  { own, name }: { readonly own: Digest; readonly name: string },
): Promise<PouchRun> {
  const folder = await mkdtemp(join(tmpdir(), 'tillkeeper-pouch-'))
  const target = startPeer('pouch-target.mjs', [folder])
  try {
    const { port } = await target.answer<{ port: number }>()
    const url = `http://127.0.0.1:${port}/${name}`
    const cpu = () => readTreeMs(source.pid) + readTreeMs(target.pid)
    const before = cpu()
    const done = await source.ask<{ ms: number; written: number; failed: number }>({
      ...{ act: 'replicate', url },
    })
    const cpuSeconds = (cpu() - before) / 1_000
    const theirs = await source.ask<Digest>({ act: 'digest', url })
    return {
      seconds: done.ms / 1_000,
      cpuSeconds,
      equal: theirs.count === own.count && theirs.digest === own.digest,
    }
  } finally {
    await target.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function writeFacts(storeUrl: string, file: string): Promise<void> {
  const db = connect(storeUrl, { max: 1 })
  const out = createWriteStream(file)
  const rows = db<{ bytes: Uint8Array }[]>`
    SELECT bytes FROM journal WHERE starts_with(stream, 't-') ORDER BY stream, seq
  `.cursor(readBatch)
  for await (const batch of rows) {
    for (const { bytes } of batch) out.write(Buffer.concat([bytes, Buffer.from('\n')]))
    if (out.writableNeedDrain) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
  await db.end()
}

function startPeer(program: string, args: readonly string[]) {
  const child: ChildProcess = spawn(process.execPath, [join(peers, program), ...args], {
    stdio: ['pipe', 'pipe', 2],
  })
  const { stdin, stdout, pid } = child
  if (stdin === null || stdout === null || pid === undefined)
    throw new Error(`${program}: no start`)
  const ended = once(child, 'exit')
  const stopOnExit = () => child.kill('SIGKILL')
  process.once('exit', stopOnExit)
  const lines: Interface = createInterface({ input: stdout })
  const answers = lines[Symbol.asyncIterator]()
  const answer = async <T extends object>(): Promise<T> => {
    const { value, done } = await answers.next()
    if (done === true) throw new Error(`${program} ended`)
    const said = JSON.parse(value) as T & { readonly fault?: string }
    if (said.fault !== undefined) throw new Error(`${program}: ${said.fault}`)
    return said
  }
  return {
    pid,
    answer,
    ask: <T extends object>(told: object): Promise<T> => {
      stdin.write(`${JSON.stringify(told)}\n`)
      return answer<T>()
    },
    stop: async () => {
      child.kill('SIGKILL')
      await ended
      process.removeListener('exit', stopOnExit)
    },
  }
}
