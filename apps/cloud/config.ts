import { resolve } from 'node:path'

/** Everything that is said to the cloud from outside, read once at its start. */
export type Config = {
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  readonly dataDir: string
  /** A server of somebody else's; left out: an embedded one in `dataDir`. */
  readonly databaseUrl: string | undefined
  /** The operator's key; left out: one is made and kept in `dataDir`. */
  readonly adminKey: string | undefined
  /** The operator's word that the database came back from a backup: `RESTORED=1`, for one start. */
  readonly restored: boolean
  readonly logLevel: string
  /** Addresses of the proxies in front. */
  readonly trustProxy: readonly string[] | undefined
}

type Env = Readonly<Record<string, string | undefined>>

const portMax = 65_535
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/** Reads the whole configuration once, at the start. A bad value stops the start, by its name. */
export function readConfig(env: Env): Config {
  const logLevel = text(env, 'LOG_LEVEL') ?? 'info'
  if (!logLevels.includes(logLevel)) throw new Error('LOG_LEVEL is not a level of the log')
  return {
    host: text(env, 'HOST') ?? '127.0.0.1',
    port: port(env),
    dataDir: resolve(text(env, 'DATA_DIR') ?? '.tillkeeper/cloud'),
    databaseUrl: databaseUrl(env),
    adminKey: text(env, 'ADMIN_KEY'),
    restored: restored(env),
    logLevel,
    trustProxy: text(env, 'TRUST_PROXY')?.split(','),
  }
}

function restored(env: Env): boolean {
  const value = text(env, 'RESTORED') ?? '0'
  if (value !== '1' && value !== '0') throw new Error('RESTORED is neither 1 nor 0')
  return value === '1'
}

function text(env: Env, name: string): string | undefined {
  const value = env[name]
  return value === '' ? undefined : value
}

// A bad value is not shown: it may be a password in the wrong place.
function port(env: Env): number {
  const value = text(env, 'PORT') ?? '7300'
  if (!/^[0-9]{1,5}$/.test(value) || Number(value) > portMax) {
    throw new Error(`PORT is not a whole number up to ${portMax}`)
  }
  return Number(value)
}

function databaseUrl(env: Env): string | undefined {
  const value = text(env, 'DATABASE_URL')
  if (value === undefined) return undefined
  if (!URL.canParse(value) || !/^postgres(ql)?:$/.test(new URL(value).protocol)) {
    throw new Error('DATABASE_URL is not an address of postgres: or postgresql:')
  }
  return value
}
