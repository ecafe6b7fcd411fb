import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

// The smallest run of the benchmark, so that it cannot rot. How fast anything is, is not asserted here:
// this machine does other things meanwhile. That both ways of selling leave the same rows, the run
// itself sees to.

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const clients = ['1', '4', '8']

async function bench(...args: string[]) {
  const program = join(root, 'tools', 'run.mjs')
  const child = spawn(process.execPath, [program, 'bench', ...args])
  const text = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk: Buffer) => {
      text[stream] += chunk.toString()
    })
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, ...text }
}

test('the benchmark of a sale measures ours and the limit, and says it in one line', async () => {
  const { code, stdout, stderr } = await bench(
    ...['sale', '--json', '--seconds', '1', '--rounds', '1', '--products', '50'],
  )
  expect(code, stderr).toBe(0)
  const report = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  expect(Object.keys(report)).toEqual(
    expect.arrayContaining(['ratio', 'cpuMsPerSale', 'salesPerSecond', 'p50Ms', 'p99Ms']),
  )
  expect(report.ratio).toBeGreaterThan(0)
  expect(report.cpuMsPerSale).toBeGreaterThan(0)
  for (const figures of [report.salesPerSecond, report.limitPerSecond, report.p50Ms]) {
    expect(Object.keys(figures)).toEqual(clients)
    for (const figure of Object.values(figures)) expect(figure).toBeGreaterThan(0)
  }
  for (const count of clients) {
    expect(report.p99Ms[count]).toBeGreaterThanOrEqual(report.p50Ms[count])
  }
  expect(report.online.salesPerSecond).toBeGreaterThan(0)
})

test('a benchmark that is not known, and a size out of bounds, are refused at once', async () => {
  const unknown = await bench('coffee')
  expect(unknown.code).toBe(1)
  expect(unknown.stderr).toContain('npm run bench -- sale')
  const tooMany = await bench('sale', '--rounds', '0')
  expect(tooMany.code).toBe(1)
  expect(tooMany.stderr).toContain('--rounds takes a whole number from 1 to 100')
})
