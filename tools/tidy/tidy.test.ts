import { expect, test } from 'vitest'
import { checkLockfile } from './lockfile.ts'
import {
  checkFile,
  checkMigrations,
  checkSuppressions,
  countSuppressions,
  type Declared,
  linesMax,
} from './rules.ts'

// One planted fault for every rule, and beside it what looks like the fault and is none. A checker
// that has never failed is not a checker.

const declared: Declared = new Map([
  ['', new Set(['vitest', 'fast-check'])],
  ['packages/facts', new Set(['@tillkeeper/core', 'typebox'])],
  ['packages/sync', new Set(['@tillkeeper/core', 'typebox'])],
  ['packages/http', new Set(['@tillkeeper/core', '@tillkeeper/projections', 'fastify'])],
  ['packages/projections', new Set(['@tillkeeper/core', '@tillkeeper/http', 'postgres'])],
  ['apps/store', new Set(['@tillkeeper/core', '@tillkeeper/cloud', '@tillkeeper/postgres'])],
  ['apps/office', new Set(['@tillkeeper/core', '@tillkeeper/postgres', 'react'])],
])

const whys = (path: string, text: string) =>
  checkFile({ path, text: `${text}\n` }, declared).map(({ why }) => why)

const imports = (name: string) => `import { thing } from '${name}'`

test.for([
  // What may import what.
  ['packages/projections/a.ts', imports('@tillkeeper/http/a.ts'), /may not import http/],
  ['apps/office/a.ts', imports('@tillkeeper/postgres/a.ts'), /may not import postgres/],
  ['apps/store/a.ts', imports('@tillkeeper/cloud/a.ts'), /may not import cloud/],
  ['apps/store/a.ts', `await import('@tillkeeper/cloud/a.ts')`, /may not import cloud/],
  ['apps/store/a.ts', `export { a } from '@tillkeeper/cloud/a.ts'`, /may not import cloud/],
  ['apps/store/a.ts', `import {\n  a,\n} from '@tillkeeper/cloud/a.ts'`, /may not import cloud/],
  ['apps/store/a.ts', `import '@tillkeeper/cloud/a.ts'`, /may not import cloud/],
  ['packages/core/a.ts', imports('@tillkeeper/core/b.ts'), /relative path/],
  ['packages/surprise/a.ts', 'const a = 1', /no row in the import table/],
  ['apps/store/a/b.ts', imports('../../cloud/a.ts'), /stay in their package/],
  ['apps/store/a.ts', imports('./a.test.ts'), /nobody imports a test/],
  ['apps/store/a.ts', imports('@tillkeeper/core/a.test.ts'), /nobody imports a test/],
  // What is declared.
  ['packages/http/a.ts', imports('pino'), /not in package.json/],
  ['packages/http/a.ts', imports('@fastify/static'), /not in package.json/],
  ['packages/http/a.ts', imports('vitest'), /not in package.json/],
  ['packages/http/a.ts', imports('@tillkeeper/sync/a.ts'), /not in package.json/],
  ['packages/http/a.ts', imports('fs'), /write node:/],
  // What is pure.
  ['packages/core/a.ts', imports('node:crypto'), /is pure/],
  ['packages/sync/a.ts', imports('fast-check'), /is pure/],
  ['packages/core/a.ts', 'const at = Date.now()', /pass time/],
  ['packages/facts/a.ts', 'const at = new Date()', /pass time/],
  ['packages/sync/a.ts', 'const chance = Math.random()', /pass time/],
  ['packages/sync/a.ts', 'setTimeout(retry, 10)', /pass time/],
  ['packages/sync/a.ts', 'setInterval(retry, 10)', /pass time/],
  ['packages/sync/a.ts', 'const id = crypto.randomUUID()', /pass time/],
  // What money, time and settings may not be made of.
  ['apps/till/a.ts', 'const price = parseFloat(text)', /money is whole/],
  ['packages/ui/a.tsx', 'const text = price.toFixed(2)', /money is whole/],
  ['apps/till/a.test.ts', 'const price = 100 as Minor', /minor\(\) makes/],
  ['packages/core/sale/a.ts', 'const price = 100 as Minor', /minor\(\) makes/],
  ['apps/store/sale/a.ts', 'const url = process.env.URL', /reads the environment/],
  ['packages/chain/a.ts', 'const { PATH } = process.env', /reads the environment/],
  ['packages/http/domain.ts', 'const { PATH } = process.env', /reads the environment/],
  // What is not merged.
  ['packages/projections/a-sql.ts', 'sql`SELECT * FROM till`', /name the columns/],
  ['packages/projections/migrations/0001-a.sql', 'SELECT DISTINCT * FROM t', /name the columns/],
  ['apps/store/a.test.ts', `test.only('a', () => {})`, /runs or is deleted/],
  ['apps/store/a.test.ts', `describe.skip('a', () => {})`, /runs or is deleted/],
  ['apps/store/a.test.ts', `test.concurrent.todo('a')`, /runs or is deleted/],
  ['apps/store/a.ts', '// FIXME', /finish it/],
  ['apps/store/a.ts', '// XXX: later', /finish it/],
  ['apps/store/a.ts', '// TODO: later', /number of its issue/],
  ['apps/store/a.ts', '// @ts-ignore', /give the type/],
  ['apps/store/a.ts', 'const a = 1\n'.repeat(linesMax), /split it/],
  ['apps/store/till/index.ts', 'const a = 1', /no barrels/],
  ['apps/store/utils/a.ts', 'const a = 1', /name the thing/],
  ['apps/store/types.ts', 'const a = 1', /name the thing/],
] as const)('planted in %s: %s', ([path, text, why]) => {
  const found = whys(path, text)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(why)
})

test.for([
  ['packages/facts/a.ts', imports('@tillkeeper/core/a.ts')],
  ['packages/facts/a.ts', imports('typebox/compile')],
  ['packages/facts/a.test.ts', `${imports('vitest')}\n${imports('node:crypto')}`],
  ['packages/http/a.ts', `${imports('fastify')}\n${imports('node:fs/promises')}`],
  ['packages/http/a.pg.test.ts', imports('@tillkeeper/postgres/testing/test-database.ts')],
  ['packages/http/a.test.ts', imports('@tillkeeper/core/sale/sale.gen.ts')],
  ['packages/core/money/a.ts', 'return value as Minor'],
  ['packages/core/a.ts', 'const at = new Date(ms)'],
  ['packages/core/a.test.ts', 'const seed = Date.now()'],
  ['apps/store/main.ts', 'readConfig(process.env)'],
  ['apps/till/vite.config.ts', 'const port = process.env.PORT'],
  ['packages/projections/a-sql.ts', 'sql`SELECT count(*) FROM till`'],
  ['packages/core/money/currency.ts', `const none = 'XXX'`],
  ['apps/store/a.ts', '// TODO(#12): later'],
  ['apps/store/a.ts', 'const a = 1\n'.repeat(linesMax - 1)],
  ['vitest.config.ts', imports('vitest/config')],
] as const)('sound in %s: %s', ([path, text]) => {
  expect(whys(path, text)).toEqual([])
})

test('a problem is told with its line', () => {
  const text = `import { a } from './a.ts'\n\nimport { b } from '@tillkeeper/http/b.ts'\n`
  expect(checkFile({ path: 'packages/projections/a.ts', text }, declared)).toEqual([
    {
      path: 'packages/projections/a.ts',
      line: 3,
      why: '@tillkeeper/http/b.ts: packages/projections may not import http',
    },
  ])
})

test('the count of suppressions may neither rise nor fall unseen', () => {
  const files = [
    { path: 'apps/store/a.ts', text: '// biome-ignore lint/a: why\nconst a = b as any\n' },
    { path: 'apps/store/b.ts', text: '// @ts-expect-error: why\n' },
    { path: 'apps/store/c.ts', text: '// Escaped as any JSON may be, as good as any.\n' },
  ]
  expect(countSuppressions(files)).toBe(3)
  expect(checkSuppressions(files, 3)).toEqual([])
  expect(checkSuppressions(files, 2)[0]?.why).toMatch(/repair/)
  expect(checkSuppressions(files, 4)[0]?.why).toMatch(/lower the number/)
})

test('a migration that leaves a gap is found', () => {
  const path = (number: string) => `packages/projections/migrations/${number}-a.sql`
  const files = (...numbers: string[]) =>
    numbers.map((number) => ({ path: path(number), text: '' }))
  expect(checkMigrations(files('0001', '0002', '0003'))).toEqual([])
  expect(checkMigrations(files('0001', '0003')).map((problem) => problem.path)).toEqual([
    path('0003'),
  ])
})

test('a lockfile that npm ci may refuse it is found', () => {
  const lock = (packages: object) => ({
    path: 'package-lock.json',
    text: JSON.stringify({ packages }),
  })
  const linter = { optionalDependencies: { 'linter-win': '1.0.0' } }
  const locked = {
    '': { dependencies: { linter: '1.0.0' } },
    'node_modules/linter': linter,
    'node_modules/linter-win': {},
  }
  expect(checkLockfile(lock(locked))).toEqual([])
  const { 'node_modules/linter-win': _, ...cut } = locked
  expect(checkLockfile(lock(cut)).map(({ why }) => why)).toEqual([
    'linter-win is missing, which node_modules/linter wants: npm ci may refuse it',
  ])
})
