import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { logLinesTo } from './log-lines.ts'

test('a log that cannot be written harms nobody', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'log-lines-'))
  const file = openSync(join(folder, 'log'), 'w')
  const lines = logLinesTo(file)
  lines.write('one\n')
  expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('one\n')
  closeSync(file)
  expect(() => lines.write('to nobody\n')).not.toThrow()
  // A device that is always full, where there is one.
  if (existsSync('/dev/full')) {
    const full = openSync('/dev/full', 'w')
    expect(() => logLinesTo(full).write('no room\n')).not.toThrow()
    closeSync(full)
  }
  await rm(folder, { recursive: true })
})
