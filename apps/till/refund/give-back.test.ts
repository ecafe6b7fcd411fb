import type { HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { receiptText } from '@tillkeeper/core/receipt/receipt-text.ts'
import { expect, test } from 'vitest'
import { getShop } from '../app/node.ts'
import { listDocuments, viewDocument } from '../receipt/document.ts'
import { recordCopy } from '../receipt/reprint.ts'
import {
  coffee,
  manager,
  openSession,
  openTestTill,
  sealedTypes,
  sellCoffee,
  type TestTill,
} from '../testing/open-test-till.ts'
import { holdsHere } from '../till/hold-authority.ts'
import { refundSale } from './refund-sale.ts'
import { refundUnlinked } from './refund-unlinked.ts'
import { voidSale } from './void-sale.ts'

// What a till gives back without a line: each act is decided, sealed and counted here alone.

const thb = coffee.currency
const drawer = (till: TestTill) => holdsHere(till, thb).amountMinor

function heldFor(
  till: TestTill,
  act: { readonly id: string; readonly permission: string; readonly amountMinor: number },
): HeldApproval {
  const at = new Date(till.nowMs()).toISOString()
  const { id: actId, permission } = act
  const amountMinor = minor(act.amountMinor)
  const given = { id: till.newId(), approverId: manager.id, method: 'pin' as const }
  return { actId, approval: { ...given, permission, amountMinor, currency: thb, at } }
}

test('one’s own sale is voided by another’s word: whole, once, with a paper that says so', async () => {
  const till = await openTestTill('void')
  await openSession(till)
  const { document: sale } = await sellCoffee(till)
  expect(drawer(till)).toBe(1_045_00)
  const ask = { id: till.newId(), sale, reason: 'mistake' }
  expect(await voidSale(till, ask)).toMatchObject({ refusal: { code: 'approval_required' } })
  expect(drawer(till)).toBe(1_045_00)

  const approval = heldFor(till, { id: ask.id, permission: 'sale.void', amountMinor: 45_00 })
  const voided = await voidSale(till, { ...ask, approval })
  if (!voided.ok) throw new Error(voided.refusal.code)
  const { document } = voided.value
  expect(document.body).toMatchObject({ approval: { approverId: manager.id }, totalMinor: 45_00 })
  expect(drawer(till)).toBe(1_000_00)
  const text = receiptText(viewDocument(document, getShop(till)), { language: 'en' })
  expect(text).toContain('VOID')
  expect(text).not.toMatch(/REFUND\n|COPY/)
  // Nothing of it is left to give back a second time.
  const again = await voidSale(till, { ...ask, id: till.newId(), approval })
  expect(again).toMatchObject({ refusal: { code: 'nothing_left_to_refund' } })
  expect(await sealedTypes(till)).toEqual(['till.opened', 'sale.completed', 'sale.voided'])
  till.db.close()
})

test('of a sale that came back in part nothing is voided', async () => {
  const till = await openTestTill('void-late')
  await openSession(till)
  const { document: sale } = await sellCoffee(till)
  const found = {
    ...{ ...sale, ...sale.body, id: sale.id },
    ...{ refunds: [], checked: 'here_only' as const },
  }
  const half = { lines: [{ lineNo: 1, quantity: 500 }], method: 'cash' as const, reason: 'half' }
  expect(await refundSale(till, { id: till.newId(), sale: found, ...half })).toMatchObject({
    ok: true,
  })
  const before = drawer(till)
  const late = await voidSale(till, { id: till.newId(), sale, reason: 'mistake' })
  expect(late).toMatchObject({ refusal: { code: 'void_too_late' } })
  expect(drawer(till)).toBe(before)
  till.db.close()
})

test('a copy is written down before it is printed, and is marked', async () => {
  const till = await openTestTill('copy')
  await openSession(till)
  const { document } = await sellCoffee(till)
  const copy = await recordCopy(till, document, 'en')
  expect(copy).toMatchObject({ ok: true, value: expect.stringContaining('*** COPY ***') })
  expect(await sealedTypes(till)).toContain('receipt.reprinted')
  // It takes no number, and no money.
  expect(Object.values(till.state.getState().book.counters)).toEqual([1])
  expect(drawer(till)).toBe(1_045_00)

  // What cannot be written down is not printed.
  till.db.close()
  expect(await recordCopy(till, document, 'en')).toMatchObject({ refusal: { code: 'not_saved' } })
})

test('goods without a receipt need another’s word for exactly their worth', async () => {
  const till = await openTestTill('unlinked')
  const session = await openSession(till)
  const lines = [{ productId: coffee.id, quantity: 2_000, unitPriceMinor: minor(40_00) }]
  const ask = { id: till.newId(), lines, method: 'cash' as const, reason: 'lost' }
  expect(await refundUnlinked(till, ask)).toMatchObject({ refusal: { code: 'approval_required' } })
  const act = { id: ask.id, permission: 'sale.refund_unlinked' }
  const less = heldFor(till, { ...act, amountMinor: 79_99 })
  expect(await refundUnlinked(till, { ...ask, approval: less })).toMatchObject({
    refusal: { code: 'approval_not_for_this' },
  })
  expect(drawer(till)).toBe(1_000_00)

  const approval = heldFor(till, { ...act, amountMinor: 80_00 })
  const made = await refundUnlinked(till, { ...ask, approval })
  if (!made.ok) throw new Error(made.refusal.code)
  const { body } = made.value.document
  expect(body).toMatchObject({ totalMinor: 80_00, approval: { approverId: manager.id } })
  expect(body).not.toHaveProperty('saleId')
  expect(drawer(till)).toBe(920_00)
  const [paper] = await listDocuments(till.db, session)
  expect(paper).toMatchObject({ kind: 'refund', receiptNumber: 'RCP-261120-010001' })
  till.db.close()
})

test('nothing is paid back in cash that is not in the drawer', async () => {
  const till = await openTestTill('unlinked-empty')
  await openSession(till)
  const lines = [{ productId: coffee.id, quantity: 1_000, unitPriceMinor: minor(1_000_01) }]
  const ask = { id: till.newId(), lines, method: 'cash' as const, reason: 'lost' }
  const act = { id: ask.id, permission: 'sale.refund_unlinked', amountMinor: 1_000_01 }
  const approval = heldFor(till, act)
  expect(await refundUnlinked(till, { ...ask, approval })).toMatchObject({
    refusal: { code: 'not_in_drawer' },
  })
  // By card it takes nothing out of the drawer.
  expect(await refundUnlinked(till, { ...ask, method: 'card', approval })).toMatchObject({
    ok: true,
  })
  expect(drawer(till)).toBe(1_000_00)
  till.db.close()
})
