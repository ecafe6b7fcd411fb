import { minor } from '@tillkeeper/core/money/money.ts'
import { addSale } from '@tillkeeper/core/till/session-totals.ts'
import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { someTillDay } from '@tillkeeper/facts/catalogue/till-day.gen.ts'
import { hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import fc from 'fast-check'
import { assert, expect, test } from 'vitest'
import { fillTotals } from './book-session.ts'
import { foldFacts } from './fold-book.ts'
import { type Book, emptyBook } from './kept.ts'

const org = '01940000-0000-7000-8000-000000000001'

/** A book as a version kept it that knew nothing of cash machines. */
function olderOf(book: Book): Book {
  const { session } = book
  assert(session !== undefined)
  const { machineMinor: _, ...totals } = session.totals
  const older = { ...session, totals } as typeof session
  return { ...book, session: older, waiting: [older] }
}

test('a session that was open before there were machines sells on in numbers', () => {
  fc.assert(
    fc.property(someTillDay, ({ drafts }) => {
      const facts = drafts.slice(0, -1).map((draft, index) => ({
        ...{ ...draft, org, author: 't-1', epoch: '1.0', seq: index + 1, hlc: hlcZero },
      })) as KnownFact[]
      const book = foldFacts(emptyBook, facts)
      const filled = fillTotals(olderOf(book))
      const before = { ...book.session?.totals, machineMinor: 0 }
      expect(filled.session?.totals).toEqual(before)
      expect(filled.waiting?.[0]?.totals).toEqual(before)
      assert(filled.session !== undefined)
      const attempt = {
        method: 'machine',
        amountMinor: minor(500),
        givenMinor: minor(500),
      } as const
      const sale = { totalMinor: minor(500), taxMinor: minor(0), tenders: [attempt] }
      expect(addSale(filled.session.totals, sale).machineMinor).toBe(500)
      expect(fillTotals(book)).toEqual(book)
    }),
    { numRuns: 20 },
  )
})
