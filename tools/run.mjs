// The one launcher behind every npm script. Plain JavaScript, since it runs on whatever Node the
// machine has (20 or newer): it sees that the packages are there, and then hands over to the pinned
// Node, which runs our TypeScript as it is. It decides nothing about the product.

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readPatches, repairPackages } from './repairs/repair-packages.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stampFile = join(root, 'node_modules', '.tillkeeper-packages.json')
const compiledDir = join(root, 'node_modules', '.cache', 'tillkeeper', 'compiled')
/** The Node that runs our TypeScript: type stripping without a flag, and what the servers use. */
const nodeMajorMin = 24
const progressMs = 10_000
const lockPollMs = 500
/** An install that takes longer than this has died with its note left behind, or will never end. */
const lockMaxMs = 15 * 60_000
/** npm says first what is wrong, and then how it is used. */
const errorChars = 1_500

/** Each command: the program that the pinned Node runs, and arguments that stand before the user's. */
const commands = {
  start: ['tools/start.ts'],
  store: ['apps/store/main.ts'],
  cloud: ['apps/cloud/main.ts'],
  test: ['tools/test.ts'],
  check: ['tools/check.ts'],
  format: ['node_modules/@biomejs/biome/bin/biome', 'check', '--write', '.'],
  types: ['node_modules/typescript/bin/tsc', '-p', '.'],
  tidy: ['tools/tidy.ts'],
  replay: ['tools/replay.ts'],
  verify: ['tools/verify.ts'],
  drill: ['tools/drill.ts'],
  rebuild: ['tools/rebuild.ts'],
  parked: ['tools/parked.ts'],
  reconcile: ['tools/reconcile.ts'],
  totals: ['tools/totals.ts'],
  'shop-year': ['tools/shop-year.ts'],
  mutants: ['tools/mutants.ts'],
  bench: ['bench/main.ts'],
  sim: ['sim/main.ts'],
  fuzz: ['sim/fuzz/main.ts'],
  crash: ['e2e/crash/main.ts'],
  recycler: ['packages/devices/cash-recycler/simulator/main.ts'],
}

const [name, ...args] = process.argv.slice(2)
const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined
if (command === undefined) {
  fail(`usage: node tools/run.mjs <${Object.keys(commands).join('|')}> [arguments]`, 2)
}
runCommand(await ensurePackages(), command)

/** Makes node_modules what package-lock.json says, and returns the Node to run with. */
async function ensurePackages() {
  const lock = readFileSync(join(root, 'package-lock.json'))
  const platform = `${process.platform}-${process.arch}`
  const parts = [lock, platform, ...readPatches()]
  const hash = parts.reduce((sum, part) => sum.update(part), createHash('sha256')).digest('hex')
  const stamp = readStamp()
  if (stamp?.hash === hash && existsSync(stamp.node)) return stamp.node

  const release = await takeInstallLock()
  try {
    // Another start may have installed while we waited, or somebody ran npm by hand.
    if (!isInstalled(JSON.parse(lock.toString()))) await install()
    repairPackages(root)
    const node = findNode(platform)
    writeFileSync(stampFile, `${JSON.stringify({ hash, node })}\n`)
    return node
  } finally {
    release()
  }
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'))
  } catch {
    return undefined // Missing or cut off: the packages are looked at.
  }
}

/** Compares with npm's own note of what it installed. Only optional packages may be missing. */
function isInstalled(lock) {
  let installed
  try {
    installed = JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8'))
  } catch {
    return false
  }
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (!path.includes('node_modules/')) return true // A workspace of ours: its link is listed too.
    const found = installed.packages[path]
    if (found === undefined || !existsSync(join(root, path))) return wanted.optional === true
    return found.version === wanted.version && found.integrity === wanted.integrity
  })
}

async function install() {
  const startedAt = Date.now()
  const seconds = () => Math.round((Date.now() - startedAt) / 1000)
  say('packages: installing what package-lock.json lists (once; a minute or two) …')
  const progress = setInterval(() => say(`packages: installing, ${seconds()} s …`), progressMs)
  const flags = ['--include=dev', '--include=optional', '--ignore-scripts', '--prefer-offline']
  // At this level npm keeps quiet about engines: the packages are for the pinned Node, not for the
  // one that npm runs on.
  const quiet = ['--no-audit', '--no-fund', '--no-progress', '--loglevel=error']
  const { code, output } = await runNpm(['ci', ...flags, ...quiet])
  clearInterval(progress)
  if (code !== 0) {
    fail(`${output.trim()}\npackages: npm ci failed; is the npm registry reachable from here?`, 1)
  }
  say(`packages: installed in ${seconds()} s`)
}

function runNpm(npmArgs) {
  // Under `npm run`, npm says where it is; else it is looked for, which on Windows takes a shell.
  const self = process.env.npm_execpath
  const direct = self?.endsWith('.js') === true
  const program = direct ? process.execPath : 'npm'
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(program, direct ? [self, ...npmArgs] : npmArgs, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: !direct && process.platform === 'win32',
    })
    const keep = (chunk) => {
      output = (output + chunk).slice(0, errorChars)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', (error) => resolve({ code: 1, output: `npm: ${error.message}` }))
    child.once('close', (code) => resolve({ code, output }))
  })
}

// Two installs at once would each delete what the other writes.
async function takeInstallLock() {
  const key = createHash('sha256').update(root).digest('hex').slice(0, 16)
  const file = join(tmpdir(), `tillkeeper-install-${key}.lock`)
  for (let waitedMs = 0; waitedMs < lockMaxMs; waitedMs += lockPollMs) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      const release = () => rmSync(file, { force: true })
      process.once('exit', release) // Also if the install fails.
      return release
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (!isRunning(Number(readFileSync(file, 'utf8')))) rmSync(file, { force: true })
    else await new Promise((resolve) => setTimeout(resolve, lockPollMs))
  }
  return fail(`packages: another install is under way for too long; remove ${file}`, 1)
}

function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** The packaged Node of this platform if it runs here, or else this Node if it is new enough. */
function findNode(platform) {
  const system = process.platform === 'win32' ? 'win' : process.platform
  const file = process.platform === 'win32' ? 'node.exe' : 'node'
  const packaged = join(root, `node_modules/node-${system}-${process.arch}/bin/${file}`)
  if (existsSync(packaged) && spawnSync(packaged, ['--version']).status === 0) return packaged
  if (Number(process.versions.node.split('.')[0]) >= nodeMajorMin) return process.execPath
  return fail(
    `Tillkeeper runs on Node ${nodeMajorMin}. There is no packaged one for ${platform}, and this ` +
      `is ${process.version}: install Node ${nodeMajorMin} or newer and try again.`,
    1,
  )
}

function runCommand(node, [program, ...fixed]) {
  const bin = join(root, 'node_modules', '.bin')
  // Node's word on a part of it that is new says nothing to whoever runs a shop.
  const quiet = '--disable-warning=ExperimentalWarning'
  const child = spawn(node, [quiet, join(root, program), ...fixed, ...args], {
    stdio: 'inherit',
    // What the command starts in turn finds the pinned Node and our tools first.
    env: {
      ...process.env,
      PATH: [dirname(node), bin, process.env.PATH].join(delimiter),
      // Node keeps what it has compiled: the next start of a server takes half the time.
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? compiledDir,
    },
  })
  // A terminal sends Ctrl-C to both of us, `kill` to one: the command takes a repeat as the same.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  child.once('error', (error) => fail(`${node}: ${error.message}`, 1))
  child.once('exit', (code, signal) => {
    for (const each of signals) process.removeAllListeners(each)
    if (signal === null) process.exit(code)
    process.kill(process.pid, signal)
  })
}

function say(line) {
  process.stderr.write(`${line}\n`)
}

function fail(message, code) {
  say(message)
  process.exit(code)
}
