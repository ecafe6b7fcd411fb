import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { brokenGuards } from './guards.ts'

// Runs tests with one file read with its mistake in it (GUARD names which). Files on the disk are never touched.

const root = fileURLToPath(new URL('../..', import.meta.url))
const name = process.env.GUARD ?? ''
const guard = brokenGuards.find((each) => each.name === name)
if (name !== '' && guard === undefined) throw new Error(`there is no guard "${name}"`)
const testMs = 240_000

function breakGuard(path: string): string | undefined {
  if (guard === undefined || path !== join(root, guard.file)) return undefined
  const [find, replace] = guard.edit
  const source = readFileSync(path, 'utf8')
  const times = source.split(find).length - 1
  // The code has moved: a copy with nothing broken in it would look like a test that sees nothing.
  if (times !== 1) throw new Error(`"${find}" stands ${times} times in ${guard.file}`)
  return source.replace(find, () => replace)
}

export default defineConfig({
  root,
  plugins: [{ name: 'break-guard', enforce: 'pre', load: breakGuard }],
  test: {
    environment: 'node',
    // A cache of files as they are on the disk would give them back whole.
    fsModuleCache: false,
    include: ['{packages,apps,tools}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/out/**'],
    env: { SEED: process.env.SEED ?? '1' },
    setupFiles: ['tools/testing/seed-fast-check.ts'],
    globalSetup:
      process.env.GUARD_DATABASE === 'yes' ? ['packages/postgres/testing/global-setup.ts'] : [],
    maxWorkers: 1,
    testTimeout: testMs,
    hookTimeout: testMs,
  },
})
