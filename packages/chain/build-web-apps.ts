import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

// The till and the office as files that a server can serve. Built only if what they are made of has
// changed, and swapped in whole, so that a server never serves half of a build.

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const webApps = ['till', 'office'] as const
/** What both are made of, besides their own folder. */
const sharedSources = [
  ...['core', 'facts', 'sync', 'client', 'ui'].map((name) => `packages/${name}`),
  'package-lock.json',
  'tsconfig.json',
]
const notSources = /^(out|node_modules)$|\.test\.tsx?$/
const stampName = '.built-from'
const outputChars = 2_000

/** Builds what is out of date, side by side, and returns the names of what was built. */
export async function buildWebApps(say: (line: string) => void = () => {}): Promise<string[]> {
  // Each is awaited even if the other fails: nobody is left building when this returns.
  const built = await Promise.allSettled(webApps.map((app) => buildWebApp(app, say)))
  return webApps.filter((_, index) => {
    const one = built[index]
    if (one?.status === 'rejected') throw one.reason
    return one?.value
  })
}

async function buildWebApp(app: string, say: (line: string) => void): Promise<boolean> {
  const out = join(root, 'apps', app, 'out')
  const sources = await hashSources([`apps/${app}`, ...sharedSources])
  if ((await readFile(join(out, stampName), 'utf8').catch(() => '')) === sources) return false

  const startedAt = performance.now()
  say(`${app}: building`)
  const fresh = join(root, 'node_modules', '.cache', 'tillkeeper', `${app}-${process.pid}`)
  await mkdir(dirname(fresh), { recursive: true })
  try {
    await runVite(app, fresh)
    await writeFile(join(fresh, stampName), sources)
    await rm(`${fresh}-old`, { recursive: true, force: true })
    if (existsSync(out)) await rename(out, `${fresh}-old`)
    await rename(fresh, out)
  } finally {
    await rm(fresh, { recursive: true, force: true })
    await rm(`${fresh}-old`, { recursive: true, force: true })
  }
  say(`${app}: built in ${Math.round((performance.now() - startedAt) / 100) / 10} s`)
  return true
}

/** One hash over the names and contents of all files in `paths`. */
async function hashSources(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  const lists = await Promise.all(paths.map((path) => listFiles(join(root, path))))
  for (const file of lists.flat().sort()) {
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(await readFile(file))
      .update('\0')
  }
  return hash.digest('hex')
}

async function listFiles(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path]
  const entries = await readdir(path, { withFileTypes: true })
  const lists = entries
    .filter(({ name }) => !notSources.test(name))
    .map((entry) => {
      const inner = join(path, entry.name)
      return entry.isDirectory() ? listFiles(inner) : [inner]
    })
  return (await Promise.all(lists)).flat()
}

async function runVite(app: string, outDir: string): Promise<void> {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const args = ['build', '--logLevel', 'warn', '--outDir', outDir, '--emptyOutDir']
  const child = spawn(process.execPath, [vite, ...args], {
    cwd: join(root, 'apps', app),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(0, outputChars)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0)
    throw new Error(`the ${app} could not be built:\n${stripVTControlCharacters(output).trim()}`)
}
