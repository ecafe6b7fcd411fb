import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

// A small part of the crash lab in every run of the tests: some points of each flow, some restarts of the
// database, requests cut and bent, a clock that jumps. And the proof that it would have seen a fault.

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Longer than the lab itself waits for a link that was refused often. */
const labMs = 600_000

/** Runs the lab, which ends with the test that asked for it. */
async function crash(signal: AbortSignal, ...args: string[]) {
  const program = join(root, 'tools', 'run.mjs')
  const child = spawn(process.execPath, [program, 'crash', '--json', ...args], { signal })
  child.once('error', () => {}) // The signal's; it closes all the same.
  const text = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk: Buffer) => {
      text[stream] += chunk.toString()
    })
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  const report = JSON.parse(text.stdout.trim().split('\n').at(-1) || '{}') as Record<string, number>
  return { code, report, stderr: text.stderr }
}

test('nothing is lost, doubled or changed by deaths, restarts, cuts and clocks', {
  timeout: labMs,
}, async ({ signal }) => {
  const parts = ['sweep', 'restarts', 'cuts', 'clock'].flatMap((name) => ['--part', name])
  // Another seed in each run; it is told, and repeats the run.
  const seed = process.env.SEED ?? '1'
  const { code, report, stderr } = await crash(signal, '--small', '--seed', seed, ...parts)
  expect(code, stderr).toBe(0)
  expect(report.violations, stderr).toBe(0)
  expect(report.points, stderr).toBeGreaterThan(5)
  expect(report.restarts).toBeGreaterThan(2)
  expect(report.cutRequests).toBeGreaterThan(100)
})

test('a sale whose transaction was taken out is found', async ({ signal }) => {
  const { code, report, stderr } = await crash(signal, '--part', 'sweep', '--teeth', '--lanes', '1')
  expect(code, stderr).toBe(0)
  expect(report.violations, stderr).toBeGreaterThan(0)
})

test('what is not part of the lab is refused before anything starts', async ({ signal }) => {
  const unknown = await crash(signal, '--part', 'coffee')
  expect(unknown.code).toBe(1)
  expect(unknown.stderr).toContain('npm run crash')
})
