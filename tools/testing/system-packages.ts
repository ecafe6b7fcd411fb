import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'

// The tests need some things that npm does not have, such as a browser and the oldest PostgreSQL that
// we support. Where we may (root on a Debian), we install them; elsewhere we say what to install.

type SystemPackage = {
  readonly name: string
  /** Any of these files shows that it is there. */
  readonly files: readonly string[]
  readonly neededFor: string
}

const installMs = 300_000
const complaintChars = 4_000
const clusterConfig = '/etc/postgresql-common/createcluster.conf'

const packages: readonly SystemPackage[] = [
  {
    name: 'chromium',
    files: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
    neededFor: 'stories in a browser',
  },
  {
    name: 'hledger',
    files: ['/usr/bin/hledger'],
    neededFor: 'cash added up again by a program that is not ours',
  },
  {
    name: 'postgresql-15',
    files: ['/usr/lib/postgresql/15/bin/postgres'],
    neededFor: 'the tables on the oldest PostgreSQL that we support',
  },
  {
    name: 'faketime',
    files: ['/usr/bin/faketime'],
    neededFor: 'a clock that jumps, in the crash lab',
  },
]

/**
 * Installs what is missing of some packages, or of all, if that is possible. Returns a sentence for each that
 * is still missing.
 */
export async function ensureSystemPackages(
  say: (line: string) => void,
  wanted: readonly string[] = packages.map(({ name }) => name),
): Promise<string[]> {
  const missing = findMissing(wanted)
  if (missing.length === 0) return []
  const names = missing.map(({ name }) => name)
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say(`tests: installing ${names.join(' and ')} with apt-get …`)
    preventCluster()
    await runApt(['update', '-q'])
    // At once, since every call reads all lists again; and one by one where one of them spoils it.
    if ((await install(names)) !== undefined) {
      for (const name of names) {
        const why = await install([name])
        if (why !== undefined) say(`tests: apt-get could not install ${name}:\n${why}`)
      }
    }
  }
  return findMissing(wanted).map(
    ({ name, neededFor }) =>
      `${name} is missing, needed for ${neededFor}: as root, apt-get install ${name}`,
  )
}

function findMissing(wanted: readonly string[]): SystemPackage[] {
  return packages.filter(
    ({ name, files }) => wanted.includes(name) && !files.some((file) => existsSync(file)),
  )
}

const install = (names: readonly string[]) =>
  runApt([
    ...['install', '-y', '-q', '--no-install-recommends', '-oDpkg::Options::=--force-confold'],
    ...names,
  ])

/** Gives what it complained of, if it did not end well. */
function runApt(args: readonly string[]): Promise<string | undefined> {
  const child = spawn('apt-get', args, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: installMs,
  })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-complaintChars)
  })
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code) => resolve(code === 0 ? undefined : complaint))
  })
}

// Debian's package makes and starts a server at once, which would stay behind after the tests.
function preventCluster(): void {
  if (existsSync(clusterConfig)) return
  mkdirSync('/etc/postgresql-common', { recursive: true })
  writeFileSync(clusterConfig, 'create_main_cluster = false\n')
}
