import { randomInt } from 'node:crypto'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './tools/testing/longest-first.ts'

// Three projects: what can be tested inside a process, without and with one real PostgreSQL per run, and stories told
// to real processes and a real browser. All share the workers: a story waits more than it works, and what it leaves
// of two cores the others take. So no test may assert how long a thing took.

/** Long enough for a first query on a machine that is busy with other tests. */
const testMs = 30_000
/** A story starts servers and a browser and lives through a whole day of a shop. */
const storyMs = 300_000

// Every random test of a run starts from one seed. `SEED=n npm test` repeats a run.
const seed = Number(process.env.SEED ?? randomInt(2 ** 31))
process.stdout.write(`tests: SEED=${seed}\n`)
const random = {
  env: { SEED: String(seed) },
  setupFiles: ['tools/testing/seed-fast-check.ts'],
}

const inProcess = '{packages,apps,tools,bench,sim}/**/*.test.ts'
const others = ['**/node_modules/**', '**/out/**', '**/*.browser.test.tsx']

export default defineConfig({
  test: {
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...random,
          name: 'node',
          environment: 'node',
          include: [inProcess],
          exclude: [...others, '**/*.pg.test.ts'],
          // Two hundred small files: to load everything anew for each took longer than the tests.
          isolate: false,
          testTimeout: testMs,
          hookTimeout: testMs,
        },
      },
      {
        test: {
          ...random,
          name: 'pg',
          environment: 'node',
          include: [inProcess.replace('.test.ts', '.pg.test.ts')],
          exclude: others,
          globalSetup: ['packages/postgres/testing/global-setup.ts'],
          testTimeout: testMs,
          hookTimeout: testMs,
        },
      },
      {
        test: {
          ...random,
          name: 'e2e',
          environment: 'node',
          include: ['{e2e,tools}/**/*.e2e.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup: ['e2e/global-setup.ts'],
          testTimeout: storyMs,
          hookTimeout: storyMs,
        },
      },
    ],
  },
})
