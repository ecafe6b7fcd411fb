import { type ChildProcess, spawn } from 'node:child_process'

export type RunPgbench = {
  readonly program: string
  readonly scriptFile: string
  readonly databaseUrl: string
  readonly clients: number
  readonly seconds: number
  readonly variables: Readonly<Record<string, string | number>>
  readonly onSpawn?: (child: ChildProcess) => void
}

export type PgbenchResult = { readonly transactions: number; readonly perSecond: number }

const outputMax = 20_000
/**
 * Each statement is planned once, by its keys: left to itself the server plans some of them anew each
 * time, which takes longer than running them. The store server asks for the same.
 */
const sessionSettings = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
]

/** Runs a script with prepared statements. Any failed transaction is an error. */
export async function runPgbench(options: RunPgbench): Promise<PgbenchResult> {
  const { program, scriptFile, databaseUrl, clients, seconds, variables, onSpawn } = options
  const { hostname, port, username, password, pathname } = new URL(databaseUrl)
  const defined = Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`])
  const PGOPTIONS = sessionSettings.map((setting) => `-c ${setting}`).join(' ')
  const child = spawn(
    program,
    [
      ...['-n', '-M', 'prepared', '-f', scriptFile, '-c', String(clients), '-T', String(seconds)],
      ...['-h', hostname, '-p', port, '-U', username, ...defined, pathname.slice(1)],
    ],
    { env: { PGPASSWORD: password, PGOPTIONS }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  onSpawn?.(child)
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-outputMax)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`pgbench ended with ${code}:\n${output.trim()}`)
  return readResult(output)
}

/** Reads what pgbench prints at its end. */
export function readResult(output: string): PgbenchResult {
  const count = /^number of transactions actually processed: ([0-9]+)/m.exec(output)?.[1]
  const failed = /^number of failed transactions: ([0-9]+)/m.exec(output)?.[1] ?? '0'
  const perSecond = /^tps = ([0-9.]+) \(without initial connection time\)/m.exec(output)?.[1]
  if (count === undefined || perSecond === undefined || failed !== '0') {
    throw new Error(`pgbench did not end well:\n${output.trim()}`)
  }
  return { transactions: Number(count), perSecond: Number(perSecond) }
}
