import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { runChecks, runNode } from './check/run-checks.ts'
import { findLeftovers } from './testing/leftovers.ts'
import { ensureSystemPackages } from './testing/system-packages.ts'

// `npm test`: the checks, then all tests; arguments go to Vitest (`npm test -- packages/core`). The
// last line is the count. A process that a test left behind counts as a failure.

/** Processes that were told to stop may take this long to be gone. */
const goneMs = 3_000
const pollMs = 100

type Results = { readonly passed: number; readonly failed: number }

const say = (line: string) => process.stdout.write(`${line}\n`)

// A Ctrl-C reaches Vitest too, which stops its tests; we stay to clear up behind it.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})

// Installing waits for the network, and the checks do not.
const [missing, failedChecks] = await Promise.all([ensureSystemPackages(say), runChecks()])
const folder = await mkdtemp(join(tmpdir(), 'tk-'))
await chmod(folder, 0o755)
const mark = `TILLKEEPER_TEST_RUN=${randomBytes(8).toString('hex')}`
const results = await runTests(folder, mark)
const left = await endLeftovers(folder, mark)
await rm(folder, { recursive: true, force: true })

for (const line of missing) say(`tests: ${line}`)
const failed = results.failed + failedChecks + left
say(`\n${results.passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

async function runTests(runFolder: string, runMark: string): Promise<Results> {
  const report = join(runFolder, 'report.json')
  const [name = '', value] = runMark.split('=')
  const code = await runNode(
    [
      ...['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json'],
      ...[`--outputFile.json=${report}`, ...process.argv.slice(2)],
    ],
    // All that tests write for a while lies in one folder, which is how leftovers are known.
    { ...process.env, TMPDIR: runFolder, [name]: value },
  )
  const counted = readReport(report)
  // A file that cannot be loaded or an error outside of tests fails the run without a failed test.
  return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted
}

function readReport(file: string): Results {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as {
      numPassedTests: number
      numFailedTests: number
      numPendingTests: number
      numTodoTests: number
    }
    // A test that did not run has shown nothing.
    const silent = report.numPendingTests + report.numTodoTests
    return { passed: report.numPassedTests, failed: report.numFailedTests + silent }
  } catch {
    say('tests: Vitest ended without a report')
    return { passed: 0, failed: 1 }
  }
}

async function endLeftovers(runFolder: string, runMark: string): Promise<number> {
  for (let waitedMs = 0; waitedMs < goneMs; waitedMs += pollMs) {
    if (findLeftovers(runMark, runFolder).length === 0) return 0
    await wait(pollMs)
  }
  const leftovers = findLeftovers(runMark, runFolder)
  for (const { pid, command, ports } of leftovers) {
    const on = ports.length > 0 ? ` listening on ${ports.join(', ')}` : ''
    say(`tests: left behind: process ${pid}${on}: ${command}`)
    process.kill(pid, 'SIGKILL')
  }
  return leftovers.length
}
