import { type ChildProcess, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

// The launcher in a repository of its own that depends on nothing, so that its npm needs no network.

const here = dirname(fileURLToPath(import.meta.url))
let root = ''

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tillkeeper-run-'))
  await mkdir(join(root, 'tools'))
  for (const file of ['run.mjs', 'repairs/repair-packages.mjs']) {
    await cp(join(here, file), join(root, 'tools', file))
  }
  await writeManifests('1.0.0')
  await writeFile(
    join(root, 'tools', 'tidy.ts'),
    `const args: readonly string[] = process.argv.slice(2)
     process.stdout.write('args ' + args.join(','))
     if (args[0] === 'wait') {
       process.on('SIGTERM', () => process.exit(3))
       process.stdout.write(' waiting')
       setInterval(() => {}, 1_000)
     } else if (args[0] === 'die') process.kill(process.pid, 'SIGKILL')
     else process.exitCode = 7`,
  )
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** A repository with one workspace, which npm links from its own folder. */
async function writeManifests(version: string): Promise<void> {
  const whole = { name: 'whole', version, workspaces: ['tools'] }
  const tools = { name: 'tools', version }
  const packages = {
    '': whole,
    'node_modules/tools': { resolved: 'tools', link: true },
    tools,
  }
  const lock = { name: 'whole', version, lockfileVersion: 3, requires: true, packages }
  await writeFile(join(root, 'package.json'), JSON.stringify(whole))
  await writeFile(join(root, 'tools', 'package.json'), JSON.stringify(tools))
  await writeFile(join(root, 'package-lock.json'), JSON.stringify(lock))
}

type Launched = {
  readonly child: ChildProcess
  readonly text: () => string
  readonly end: Promise<number | string | null>
}

function launch(...args: string[]): Launched {
  const child = spawn(process.execPath, [join(root, 'tools', 'run.mjs'), ...args])
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  const end = new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code)),
  )
  return { child, text: () => text, end }
}

test('packages are installed once, and arguments and the exit code pass through', async () => {
  await rm(join(root, 'node_modules'), { recursive: true, force: true })
  const first = launch('tidy', 'a', 'b')
  expect(await first.end).toBe(7)
  expect(first.text()).toMatch(/packages: installing .*packages: installed .*args a,b/s)

  const second = launch('tidy', 'c')
  expect(await second.end).toBe(7)
  expect(second.text()).toBe('args c')
})

test('a signal to the launcher reaches the command, and its answer comes back', async () => {
  const { child, text, end } = launch('tidy', 'wait')
  await expect.poll(text, { timeout: 10_000 }).toContain('waiting')
  child.kill('SIGTERM')
  expect(await end).toBe(3)
})

test('a command that was killed looks killed', async () => {
  expect(await launch('tidy', 'die').end).toBe('SIGKILL')
})

test('packages that npm has installed by hand are not installed again', async () => {
  await launch('tidy').end
  await writeManifests('1.0.1') // Another lockfile, which asks for nothing else.
  const { text, end } = launch('tidy')
  expect(await end).toBe(7)
  expect(text()).toBe('args ')
})

test('a package that is gone is installed again', async () => {
  await launch('tidy').end
  await writeManifests('1.0.2')
  await rm(join(root, 'node_modules', 'tools'))
  const { text, end } = launch('tidy')
  expect(await end).toBe(7)
  expect(text()).toContain('packages: installed')
})

test('what is not a command is refused with what is', async () => {
  const { text, end } = launch('toString')
  expect(await end).toBe(2)
  expect(text()).toContain('start|store|cloud|test|check')
})
