import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

// pgbench is PostgreSQL's own load generator. It does not come with the packaged server, so we use
// the system's, of any version that knows pipelines (14).

const debianFolder = '/usr/lib/postgresql'
const clusterConfig = '/etc/postgresql-common/createcluster.conf'
const installMs = 300_000

/** Finds pgbench; installs it where we may (root on a Debian); else throws with what to install. */
export function findPgbench(path: string, say: (line: string) => void): string {
  const found = lookFor(path)
  if (found !== undefined) return found
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('bench: installing postgresql-15, for its pgbench, with apt-get …')
    preventCluster()
    const env = { PATH: path, DEBIAN_FRONTEND: 'noninteractive' }
    const options = { env, timeout: installMs, stdio: 'ignore' } as const
    spawnSync('apt-get', ['update', '-q'], options)
    const flags = ['--no-install-recommends', '-oDpkg::Options::=--force-confold']
    spawnSync('apt-get', ['install', '-y', '-q', ...flags, 'postgresql-15'], options)
  }
  const installed = lookFor(path)
  if (installed === undefined) {
    throw new Error('pgbench is missing: as root, apt-get install postgresql-15, or put it in PATH')
  }
  return installed
}

function lookFor(path: string): string | undefined {
  const debian = existsSync(debianFolder)
    ? readdirSync(debianFolder)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(debianFolder, version, 'bin'))
    : []
  // Debian's own `pgbench` in PATH is a wrapper that wants a cluster: the real ones first.
  return [...debian, ...path.split(delimiter)]
    .map((folder) => join(folder, 'pgbench'))
    .find((file) => existsSync(file))
}

// Debian's package makes and starts a server at once, which would stay behind.
function preventCluster(): void {
  if (existsSync(clusterConfig)) return
  mkdirSync('/etc/postgresql-common', { recursive: true })
  writeFileSync(clusterConfig, 'create_main_cluster = false\n')
}
