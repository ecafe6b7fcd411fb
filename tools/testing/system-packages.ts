import { type SpawnSyncOptions, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'

// The tests need two things that npm does not have: a browser, and the oldest PostgreSQL that we
// support. Where we may (root on a Debian), we install them; elsewhere we say what to install.

type SystemPackage = {
  readonly name: string
  /** Any of these files shows that it is there. */
  readonly files: readonly string[]
  readonly neededFor: string
}

const installMs = 300_000
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
]

/**
 * Installs what is missing of some packages, or of all, if that is possible. Returns a sentence for each that
 * is still missing.
 */
export function ensureSystemPackages(
  say: (line: string) => void,
  wanted: readonly string[] = packages.map(({ name }) => name),
): string[] {
  const missing = findMissing(wanted)
  if (missing.length === 0) return []
  const names = missing.map(({ name }) => name)
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say(`tests: installing ${names.join(' and ')} with apt-get …`)
    preventCluster()
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const options: SpawnSyncOptions = {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: installMs,
    }
    spawnSync('apt-get', ['update', '-q'], options)
    const keepOurs = '-oDpkg::Options::=--force-confold'
    for (const name of names) {
      const { status, stderr } = spawnSync(
        'apt-get',
        ['install', '-y', '-q', '--no-install-recommends', keepOurs, name],
        options,
      )
      if (status !== 0) say(`tests: apt-get could not install ${name}:\n${stderr}`)
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

// Debian's package makes and starts a server at once, which would stay behind after the tests.
function preventCluster(): void {
  if (existsSync(clusterConfig)) return
  mkdirSync('/etc/postgresql-common', { recursive: true })
  writeFileSync(clusterConfig, 'create_main_cluster = false\n')
}
