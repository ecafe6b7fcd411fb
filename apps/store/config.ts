import { resolve } from 'node:path'

/** Everything that is said to a store server from outside, read once at its start. */
export type Config = {
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  readonly dataDir: string
  /** A server of somebody else's; left out: an embedded one in `dataDir`. */
  readonly databaseUrl: string | undefined
  /** Where the cloud is, without a slash at the end; left out: this shop is on its own. */
  readonly cloudUrl: string | undefined
  /** The one-time code of the first start. */
  readonly enrolCode: string | undefined
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
    port: wholeNumber(env, 'PORT', { otherwise: 7301, max: portMax }),
    dataDir: resolve(text(env, 'DATA_DIR') ?? '.tillkeeper/store'),
    databaseUrl: address(env, 'DATABASE_URL', ['postgres:', 'postgresql:']),
    cloudUrl: address(env, 'CLOUD_URL', ['http:', 'https:'])?.replace(/\/+$/, ''),
    enrolCode: text(env, 'ENROL_CODE'),
    logLevel,
    trustProxy: text(env, 'TRUST_PROXY')?.split(','),
  }
}

function text(env: Env, name: string): string | undefined {
  const value = env[name]
  return value === '' ? undefined : value
}

// A bad value is not shown: it may be a password in the wrong place.
function wholeNumber(
  env: Env,
  name: string,
  { otherwise, max }: { readonly otherwise: number; readonly max: number },
): number {
  const value = text(env, name)
  if (value === undefined) return otherwise
  if (!/^[0-9]{1,9}$/.test(value) || Number(value) > max) {
    throw new Error(`${name} is not a whole number up to ${max}`)
  }
  return Number(value)
}

function address(env: Env, name: string, protocols: readonly string[]): string | undefined {
  const value = text(env, name)
  if (value === undefined) return undefined
  if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
    throw new Error(`${name} is not an address of ${protocols.join(' or ')}`)
  }
  return value
}
