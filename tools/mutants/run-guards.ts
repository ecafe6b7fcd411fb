import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BrokenGuard, brokenGuards } from './guards.ts'

export type GuardFigures = {
  readonly guards: number
  /** Broken copies that their test did not see, and tests that are red with nothing broken. */
  readonly survived: readonly string[]
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url))
const vitest = join(root, 'node_modules/vitest/vitest.mjs')
const isDatabase = (file: string) => file.endsWith('.pg.test.ts')
/** Of what went wrong, as much is told. */
const errorChars = 2_000

/**
 * Breaks one guard after the other in a copy of its own and runs the test that has to see it; before that, all of
 * these tests with nothing broken. `named`: only guards with this in their name.
 */
export async function runGuards(
  named: string,
  { workers, say }: { readonly workers: number; readonly say: (line: string) => void },
): Promise<GuardFigures> {
  const chosen = brokenGuards.filter(({ name }) => name.includes(named))
  const survived: string[] = []
  const asItIs = await runTests('', [...new Set(chosen.map(({ test }) => test))])
  const wrong = asItIs.filter(({ status }) => status === 'failed').map(({ title }) => title)
  survived.push(...wrong.map((title) => `red with nothing broken: ${title}`))
  const waiting = [...chosen]
  const work = async (): Promise<void> => {
    for (let guard = waiting.shift(); guard !== undefined; guard = waiting.shift()) {
      const seen = await isSeen(guard)
      if (!seen) survived.push(guard.name)
      say(`${seen ? 'seen    ' : 'SURVIVED'} ${guard.name} (${guard.test}: ${guard.sees})`)
    }
  }
  await Promise.all(Array.from({ length: workers }, work))
  return { guards: chosen.length, survived }
}

async function isSeen({ name, test, sees }: BrokenGuard): Promise<boolean> {
  const own = (await runTests(name, [test])).filter(({ title }) => title.startsWith(sees))
  if (own.length === 0) throw new Error(`no test of ${test} begins with "${sees}"`)
  return own.some(({ status }) => status === 'failed')
}

type Ran = { readonly title: string; readonly status: string }

async function runTests(guard: string, files: readonly string[]): Promise<readonly Ran[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tillkeeper-guards-'))
  try {
    const report = join(folder, 'report.json')
    const errors = await runVitest(guard, { files, report })
    const text = await readFile(report, 'utf8').catch(() => {
      throw new Error(`${guard}: ${errors}`)
    })
    const { testResults } = JSON.parse(text) as {
      readonly testResults: readonly {
        readonly name: string
        readonly message: string
        readonly assertionResults: readonly Ran[]
      }[]
    }
    for (const { name, message, assertionResults } of testResults) {
      // A copy that cannot even be read has shown nothing.
      if (assertionResults.length === 0) throw new Error(`${guard}: ${name}: ${message}`)
    }
    return testResults.flatMap(({ assertionResults }) => assertionResults)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Runs vitest to its end, red or green; returns the last of what it said of errors. */
function runVitest(
  guard: string,
  { files, report }: { readonly files: readonly string[]; readonly report: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = ['run', '--config', config, '--reporter=json', `--outputFile=${report}`]
    const child = spawn(process.execPath, [vitest, ...args, ...files], {
      cwd: root,
      env: {
        ...process.env,
        GUARD: guard,
        GUARD_DATABASE: files.some(isDatabase) ? 'yes' : 'no',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let errors = ''
    child.stderr.on('data', (text: Buffer) => {
      errors = (errors + text.toString()).slice(-errorChars)
    })
    child.on('error', reject)
    child.on('close', () => resolve(errors))
  })
}
