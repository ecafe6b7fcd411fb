import { readFile } from 'node:fs/promises'
import { type ServerProcess, startServer } from '@tillkeeper/chain/server-process.ts'

// A server of the lab: the real program as a process of its own, on a port that stays the same, killed
// and started again as often as it takes.

const logTailChars = 2_000

export type LabServerOptions = {
  readonly name: string
  readonly app: 'cloud' | 'store'
  readonly dataDir: string
  readonly logFile: string
  readonly port: number
  readonly databaseUrl: string
  readonly env: Readonly<Record<string, string>>
  /** A changed copy of the source; left out: this one. */
  readonly sourceDir?: string | undefined
}

export type LabServer = {
  readonly name: string
  readonly url: string
  readonly logFile: string
  readonly pid: () => number | undefined
  /** Starts it and resolves when it serves. `env` is on top of its own, for this start. */
  readonly start: (env?: Readonly<Record<string, string>>) => Promise<void>
  /** How it ended though nobody of the lab ended it, with the end of its log; undefined if it did not. */
  readonly fallen: () => Promise<string | undefined>
  /** SIGKILL, in this very turn. */
  readonly shoot: () => void
  /** SIGKILL; resolves when it is gone. */
  readonly kill: () => Promise<void>
  /** Asks it to stop, as its operator does. */
  readonly stop: () => Promise<void>
}

export function makeLabServer(options: LabServerOptions): LabServer {
  const { name, app, dataDir, logFile, port, databaseUrl, sourceDir } = options
  let running: ServerProcess | undefined
  let shot: ServerProcess | undefined
  let fell: string | undefined
  const take = () => {
    const server = running
    running = undefined
    return server
  }
  return {
    name,
    logFile,
    url: `http://127.0.0.1:${port}`,
    pid: () => running?.pid,
    start: async (env = {}) => {
      const all = { ...options.env, ...env, PORT: String(port), DATABASE_URL: databaseUrl }
      const server = await startServer({ name, app, dataDir, logFile, sourceDir, env: all })
      running = server
      void server.ended.then((how) => {
        if (running === server) fell = how
      })
    },
    fallen: async () => {
      if (fell === undefined) return undefined
      const log = await readFile(logFile, 'utf8').catch(() => '')
      return `${name} ended by itself (${fell}): ${log.slice(-logTailChars)}`
    },
    shoot: () => {
      const server = running
      if (server === undefined) return
      shot = server
      running = undefined
      process.kill(server.pid, 'SIGKILL')
    },
    kill: async () => {
      const all = [take(), shot]
      shot = undefined
      for (const server of all) await server?.kill('SIGKILL')
    },
    stop: async () => {
      await take()?.stop()
    },
  }
}
