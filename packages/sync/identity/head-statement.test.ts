import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { expect, test } from 'vitest'
import { headStatement, receiptStatement } from './head-statement.ts'

const org = '019cac0f-2680-7000-8000-000000000001'
const head = { stream: 's-1:1.0/business' as StreamId, seq: 7, hash: 'a'.repeat(64) }
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

// Signatures are kept for years: the bytes under them never change.
test('what is signed is written as it always was', () => {
  expect(text(headStatement(org, head))).toBe(
    `tillkeeper-head-1\n${org}\ns-1:1.0/business\n7\n${'a'.repeat(64)}\n`,
  )
  const at = '2026-11-20T08:00:00.000Z'
  expect(text(receiptStatement(org, { ...head, at }))).toBe(
    `tillkeeper-receipt-1\n${org}\ns-1:1.0/business\n7\n${'a'.repeat(64)}\n${at}\n`,
  )
})
