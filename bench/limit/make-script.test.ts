import { expect, test } from 'vitest'
import type { CapturedSale } from './capture-sales.ts'
import { makeScript } from './make-script.ts'

const head = 'SELECT head_seq AS seq FROM stream WHERE stream = $1 FOR NO KEY UPDATE'

/** Two tills’ sales, as small as a script needs them. */
function capture(nth: number, changed: Partial<CapturedSale> = {}): CapturedSale {
  const id = `0000000${nth}-0000-7000-8000-000000000000`
  const seq = 700 + nth
  const receiptNumber = `RCP-261120-0${nth}00${nth}2`
  return {
    id,
    seq,
    receiptNumber,
    transaction: [
      { text: 'begin ', parameters: [] },
      { text: head, parameters: ['s-1'] },
      {
        text: 'INSERT INTO journal SELECT $1::bigint, $2, $3, $2',
        parameters: [String(seq), `{${id}}`, '\\x00ff'],
      },
      {
        text: 'UPDATE stream SET seq = $1 WHERE seq = $2 AND note = $3 AND hashes = $4',
        parameters: [String(seq), String(seq - 1), null, '{NULL,"\\\\x00ff"}'],
      },
      {
        text: 'INSERT INTO sale SELECT $1::jsonb',
        parameters: [`{"id": "${id}", "last": ${nth * 10 + 2}, "no": "${receiptNumber}"}`],
      },
      { text: 'commit', parameters: [] },
    ],
    ...changed,
  }
}

test('a script has the statements as they were, with names for what differs', () => {
  const { script, constants } = makeScript([capture(1), capture(2)])
  expect(script).toContain(`${head.replace('$1', ':s1p1')} \\gset\n\\set next_seq :seq + 1\n`)
  expect(script).toContain(
    'INSERT INTO journal SELECT :next_seq::bigint, :s2p2, :s2p3::bytea, :s2p2;',
  )
  // NULL is what pgbench makes of a name that is nowhere set.
  expect(script).toContain(
    'UPDATE stream SET seq = :next_seq WHERE seq = :seq AND note = :s3p3 AND hashes = :s3p4::bytea[];',
  )
  expect(constants).toEqual({ s1p1: 's-1', s2p3: '\\x00ff', s3p4: '{NULL,"\\\\x00ff"}' })
})

test('each client draws the parameters of its own till', () => {
  const { script } = makeScript([capture(1), capture(2)])
  const [, first = '', second = ''] = script.split('\\if :client_id = ')
  expect(first).toMatch(/^0\n/)
  expect(first).toContain("E'RCP-261120-01' || next.n")
  expect(second).toContain("E'RCP-261120-02' || next.n")
  expect(second).toContain(`E'{"id"\\x3a "<the id>", "last"\\x3a <the counter>,`)
  // Nothing of the sale that was captured is left in it.
  expect(script).not.toMatch(/-0000-7000-8000-|RCP-261120-0[12]00/)
  expect(script).not.toMatch(/"last"\\x3a [0-9]/)
})

test('sales of different statements make no script', () => {
  const other = capture(2)
  const transaction = other.transaction.toSpliced(1, 0, { text: 'SELECT 1', parameters: [] })
  expect(() => makeScript([capture(1), { ...other, transaction }])).toThrow('different statements')
})

test('a sale in which something is not found that has to vary makes no script', () => {
  expect(() => makeScript([capture(1, { seq: 9_999 })])).toThrow('the place in the stream')
  const id = 'ffffffff-0000-7000-8000-000000000000'
  expect(() => makeScript([capture(1, { id })])).toThrow('the id of the sale')
  const receiptNumber = 'RCP-261120-019999'
  expect(() => makeScript([capture(1, { receiptNumber })])).toThrow('the receipt number')
  const transaction = capture(1).transaction.filter(({ text }) => text !== head)
  expect(() => makeScript([capture(1, { transaction })])).toThrow('holds the head')
})

test('a statement in which pgbench would see a variable makes no script', () => {
  const transaction = [{ text: "SELECT 'a:b'", parameters: [] }, ...capture(1).transaction]
  expect(() => makeScript([capture(1, { transaction })])).toThrow('take :b for a variable')
})
