import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { someTillDay } from '@tillkeeper/facts/catalogue/till-day.gen.ts'
import { hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldFacts } from './fold-book.ts'
import { emptyBook } from './kept.ts'

const org = '01940000-0000-7000-8000-000000000001'
// A day is made of drafts that the catalogue's own schemas take.
const factOf = (draft: FactDraft, index: number) =>
  ({ ...draft, org, author: 't-1', epoch: '1.0', seq: index + 1, hlc: hlcZero }) as KnownFact

test('a day that comes back leaves the book as the day itself did, wherever it was cut', () => {
  fc.assert(
    fc.property(someTillDay, fc.nat(), ({ drafts, totals }, cut) => {
      const facts = drafts.map(factOf)
      const at = cut % facts.length
      const until = foldFacts(emptyBook, facts.slice(0, at))
      const book = foldFacts(until, facts.slice(at))
      expect(book.session).toBeUndefined()
      expect(book.lastClosed?.totals).toEqual(totals)
      const closed = facts.find(({ type }) => type === 'till.closed')
      expect(book.lastClosed?.close).toMatchObject({ id: closed?.id })
      const receipts = facts.flatMap((fact) =>
        fact.type === 'sale.completed' || fact.type === 'sale.refunded'
          ? [fact.body.receiptCounter]
          : [],
      )
      expect(Math.max(0, ...Object.values(book.counters))).toBe(Math.max(0, ...receipts))
    }),
  )
})

test('a session that is open here is not replaced, and acts of another change no totals', () => {
  fc.assert(
    fc.property(someTillDay, someTillDay, (ours, theirs) => {
      const open = foldFacts(emptyBook, ours.drafts.slice(0, 1).map(factOf))
      fc.pre(open.session?.id !== theirs.drafts[0]?.id)
      const after = foldFacts(open, theirs.drafts.map(factOf))
      expect(after.session).toEqual(open.session)
      expect(after.lastClosed).toBeUndefined()
    }),
  )
})
