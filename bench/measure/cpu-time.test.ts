import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { readTreeMs } from './cpu-time.ts'

// A process that starts another, which spends its time and then ends or waits.
const burn =
  'const until = process.cpuUsage().user + 100_000; while (process.cpuUsage().user < until);'
const parent = (after: string) => `
  const child = require('node:child_process').spawn(process.execPath,
    ['-e', ${JSON.stringify(`${burn} console.log('burnt'); ${after}`)}], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdout.once('data', () => console.log(child.pid))
  child.once('exit', () => console.log('ended'))
  process.stdin.resume()
`

let running: ChildProcess | undefined
afterEach(() => {
  running?.kill('SIGKILL')
})

async function start(after: string, until: RegExp) {
  const child = spawn(process.execPath, ['-e', parent(after)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  running = child
  let text = ''
  while (!until.test(text)) text += String((await once(child.stdout, 'data'))[0])
  return { pid: child.pid ?? 0, child: Number.parseInt(text, 10) }
}

test('the time of a child that runs is counted, unless it is left out', async () => {
  const { pid, child } = await start('process.stdin.resume()', /[0-9]+/)
  const without = readTreeMs(pid, new Set([child]))
  expect(readTreeMs(pid) - without).toBeGreaterThanOrEqual(90)
  process.kill(child, 'SIGKILL')
})

test('the time of a child that has ended is counted', async () => {
  const { pid } = await start('process.exit(0)', /ended/)
  expect(readTreeMs(pid)).toBeGreaterThanOrEqual(90)
})
