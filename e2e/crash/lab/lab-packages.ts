import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

// What npm does not have: a disk in a program, and a clock that can be set. Where we may (root on a
// Debian), we install them; elsewhere the parts that need them say so and are not counted.

type LabPart = 'power' | 'clock'
type LabPackage = { readonly part: LabPart; readonly name: string; readonly file: string }

const installMs = 300_000
const packages: readonly LabPackage[] = [
  { part: 'power', name: 'nbdkit', file: '/usr/bin/nbdkit' },
  { part: 'power', name: 'nbdkit-plugin-python', file: '/usr/share/doc/nbdkit-plugin-python' },
  { part: 'power', name: 'libnbd-bin', file: '/usr/bin/nbdfuse' },
  { part: 'power', name: 'fuse3', file: '/usr/bin/fusermount3' },
  { part: 'clock', name: 'faketime', file: '/usr/bin/faketime' },
]

/** Installs what a part misses, where that is possible. Who needs one looks for itself whether it is there. */
export function ensureLabPackages(wanted: LabPart, say: (line: string) => void): void {
  const missing = packages
    .filter(({ part, file }) => part === wanted && !existsSync(file))
    .map(({ name }) => name)
  if (missing.length === 0) return
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  say(`lab: installing ${missing.join(', ')} with apt-get …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', ...missing],
  ]) {
    const { status, stderr } = spawnSync('apt-get', args, { env, timeout: installMs })
    if (status !== 0) say(`lab: apt-get ${args[0]}: ${stderr}`)
  }
}
