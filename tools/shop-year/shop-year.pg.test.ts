import { minor } from '@tillkeeper/core/money/money.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { createSharedDatabase } from '@tillkeeper/projections/testing/shared-database.gen.ts'
import { expect, test } from 'vitest'
import { minorOf } from './read-hledger.ts'
import { runShopYear } from './run-shop-year.ts'

// A few days of a shop-year; `npm run shop-year` lives the whole. hledger has to be there: a test that does not
// run has shown nothing.

const days = 6

async function live(seed: number, harm?: (db: Db) => Promise<unknown>) {
  const database = await createSharedDatabase()
  try {
    const say = () => undefined
    return await runShopYear({ databaseUrl: database.url, days, seed, say, ...(harm && { harm }) })
  } finally {
    await database.drop()
  }
}

test('days of a shop are added up by hledger to the same balances, place by place', async () => {
  const seed = Number(process.env.SEED ?? 1)
  const year = await live(seed)
  const whole = { first: [], differences: 0, drift: 0, mistold: 0, open: 0, missing: [] }
  expect(year, `seed ${seed}`).toMatchObject(whole)
  expect(year.movements).toBeGreaterThan(500)
}, 120_000)

test('the check sees: money out of nothing, and an amount that a journal says otherwise', async () => {
  const year = await live(7, (db) =>
    db.begin(async (tx) => {
      await tx`SET LOCAL session_replication_role = replica`
      await tx`
        UPDATE cash_transfer SET amount_minor = amount_minor + 1
        WHERE id = (SELECT max(id) FROM cash_transfer WHERE type = 'drop' AND currency = 'THB')
      `
      await tx`
        UPDATE cash_balance SET balance_minor = balance_minor - 5 WHERE location LIKE 'safe:%'
          AND currency = 'USD'
      `
    }),
  )
  expect(year.differences).toBeGreaterThanOrEqual(3)
  expect(year.drift).toBeGreaterThanOrEqual(3)
  expect(year.first.join('\n')).toMatch(/hledger on .*: drawer:/)
}, 120_000)

test.each([
  ['-1234.5', 'THB', -123_450],
  ['0', 'THB', 0],
  ['1000.', 'JPY', 1_000],
  ['0.07', 'USD', 7],
] as const)('%s %s of hledger are %d minor units', (text, currency, amount) => {
  expect(minorOf(text, currency as never)).toBe(minor(amount))
})

test.each(['', '1,000', '1.234', '99999999999999999', '1e3'])('%s is no amount', (text) => {
  expect(() => minorOf(text, 'THB' as never)).toThrow()
})
