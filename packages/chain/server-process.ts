import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { getCompileCacheDir } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isRunning, waitForEnd } from '@tillkeeper/postgres/embedded/processes.ts'

export type StartServer = {
  /** Its name in messages and its log: `cloud`, `S1`. */
  readonly name: string
  readonly app: 'cloud' | 'store'
  /** Its own folder; made if missing. */
  readonly dataDir: string
  readonly logFile: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Its process exists, though it is not ready yet. */
  readonly onSpawn?: (pid: number) => Promise<void>
  /** Another copy of the source to run; left out: this one. */
  readonly sourceDir?: string | undefined
}

/** A server as a process of its own. */
export type ServerProcess = {
  readonly pid: number
  readonly port: number
  readonly url: string
  /** Resolves when it has ended, whoever ended it, with how. */
  readonly ended: Promise<string>
  /** Asks it to stop, and makes it end if it does not. */
  readonly stop: () => Promise<void>
  /** Sends a signal and waits until the process is gone. */
  readonly kill: (signal: 'SIGKILL' | 'SIGTERM') => Promise<void>
}

/** Migrations and the first pull of a catalogue are in it. */
const readyMs = 60_000
const pollMs = 25
/** Servers promise to stop within five seconds. */
const stopMs = 8_000
const killMs = 5_000
const logMaxBytes = 10 * 1024 * 1024
const logTailChars = 3_000
const answerMs = 2_000

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Starts a server and resolves when it listens and says that it can serve. */
export async function startServer(options: StartServer): Promise<ServerProcess> {
  const { name, app, dataDir, logFile, env, sourceDir = root } = options
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const log = await openLog(logFile)
  const child = spawn(process.execPath, [join(sourceDir, 'apps', app, 'main.ts')], {
    cwd: dataDir,
    env: { ...compileCache(), ...env, DATA_DIR: dataDir, HOST: '127.0.0.1' },
    // A group of its own: Ctrl-C reaches us, and we stop the servers in their order.
    detached: true,
    stdio: ['ignore', 'pipe', log.fd],
  })
  await log.close()
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
  try {
    if (child.pid !== undefined) await options.onSpawn?.(child.pid)
    const port = await readPort(child, ended)
    const server = describeProcess(child, port, ended)
    await waitUntilServing(server)
    return server
  } catch (error) {
    if (child.pid !== undefined && isRunning(child.pid)) child.kill('SIGKILL')
    await ended
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`${name} did not start: ${why}\n${await readTail(logFile)}\n(${logFile})`)
  }
}

// Where this process keeps what Node has compiled, there its servers do: a start takes half the time.
function compileCache(): Readonly<Record<string, string>> {
  const ours = getCompileCacheDir()
  // Below the folder that it is given, Node has one for each of its versions.
  return ours === undefined ? {} : { NODE_COMPILE_CACHE: dirname(ours) }
}

function describeProcess(child: ChildProcess, port: number, ended: Promise<string>): ServerProcess {
  const pid = child.pid ?? 0
  const stopOnExit = () => child.kill('SIGTERM')
  process.once('exit', stopOnExit)
  void ended.then(() => process.removeListener('exit', stopOnExit))
  return {
    pid,
    port,
    url: `http://127.0.0.1:${port}`,
    ended,
    stop: () => endProcess(pid),
    kill: async (signal) => {
      child.kill(signal)
      await ended
    },
  }
}

/** Ends process `pid`: asked first, then made to. */
export async function endProcess(pid: number): Promise<void> {
  for (const [signal, timeoutMs] of [
    ['SIGTERM', stopMs],
    ['SIGKILL', killMs],
  ] as const) {
    try {
      process.kill(pid, signal)
    } catch {
      return // It is gone.
    }
    if (await waitForEnd(pid, timeoutMs)) return
  }
}

// The first line that is a ready message names the port; whatever else a server prints is its own.
async function readPort(child: ChildProcess, ended: Promise<string>): Promise<number> {
  const { stdout } = child
  if (stdout === null) throw new Error('it has no output')
  const ready = new Promise<number>((resolve) => {
    createInterface({ input: stdout }).on('line', (line) => {
      const port = parseReady(line)
      if (port !== undefined) resolve(port)
    })
  })
  const timer = new AbortController()
  const late = wait(readyMs, undefined, { signal: timer.signal }).then(
    () => `not ready after ${readyMs / 1000} s`,
    () => '',
  )
  const first = await Promise.race([ready, ended, late])
  timer.abort()
  if (typeof first === 'string') throw new Error(first)
  return first
}

function parseReady(line: string): number | undefined {
  try {
    const message = JSON.parse(line) as { ready?: boolean; port?: number } | null
    return message?.ready === true ? message.port : undefined
  } catch {
    return undefined // Not a message.
  }
}

async function waitUntilServing({ url, pid }: ServerProcess): Promise<void> {
  let last = 'no answer'
  for (let waitedMs = 0; waitedMs < readyMs && isRunning(pid); waitedMs += pollMs) {
    try {
      const reply = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(answerMs) })
      const text = await reply.text()
      if (reply.ok) return
      last = `${reply.status} ${text}`
    } catch (error) {
      last = String(error) // It listens but does not answer yet.
    }
    await wait(pollMs)
  }
  throw new Error(`/readyz: ${last}`)
}

async function openLog(file: string) {
  await mkdir(dirname(file), { recursive: true })
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  )
  // One older log is kept, so a chain that is started for years stays small.
  if (size > logMaxBytes) await rename(file, `${file}.1`)
  return open(file, 'a', 0o600)
}

async function readTail(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.slice(-logTailChars).trim()
}
