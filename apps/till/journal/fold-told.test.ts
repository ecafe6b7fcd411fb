import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { someTillDay } from '@tillkeeper/facts/catalogue/till-day.gen.ts'
import { hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import fc from 'fast-check'
import { assert, expect, test } from 'vitest'
import { foldFacts } from './fold-book.ts'
import { foldHandOvers, foldTold } from './fold-told.ts'
import { type Book, emptyBook } from './kept.ts'

const org = '01940000-0000-7000-8000-000000000001'
const factOf = (draft: FactDraft, index: number) =>
  ({ ...draft, org, author: 't-1', epoch: '1.0', seq: index + 1, hlc: hlcZero }) as KnownFact

/** A day of which others recorded some acts: in which order they are told, how often, and after which own act. */
const dayOfTwo = someTillDay.chain((day) => {
  const acts = day.drafts.map(factOf).slice(1, -1)
  return fc.record({
    day: fc.constant(day),
    others: fc.subarray(acts),
    told: fc.array(fc.record({ from: fc.nat(), to: fc.nat() }), { maxLength: 4 }),
  })
})

test('whoever recorded an act, it is in the drawer once, however it is told', () => {
  fc.assert(
    fc.property(dayOfTwo, ({ day, others, told }) => {
      const facts = day.drafts.map(factOf)
      const [opened, closed] = [facts[0], facts.at(-1)]
      assert(opened !== undefined && closed?.type === 'till.closed')
      const own = facts.slice(1, -1).filter(({ id }) => !others.some((act) => act.id === id))
      let book = foldFacts(emptyBook, [opened])
      const tell = (some: readonly KnownFact[]) => {
        book = foldTold(book, some)
      }
      for (const { from, to } of told) tell(others.slice(from % (others.length + 1)).slice(0, to))
      book = foldFacts(book, own)
      tell(others.toReversed())
      tell(others)
      expect(book.session?.totals).toEqual(day.totals)
      const after = foldFacts(book, [closed])
      expect(after.lastClosed?.totals).toEqual(day.totals)
      // It is over: nothing that is told later changes it.
      expect(foldTold(after, others)).toBe(after)
    }),
  )
})

test('a session that was told takes what is not in its totals, and nothing where it does not know', () => {
  fc.assert(
    fc.property(someTillDay, fc.nat(), ({ drafts, totals }, cut) => {
      const [opened, ...rest] = drafts.map(factOf)
      const acts = rest.slice(0, -1)
      assert(opened !== undefined)
      const before = acts.slice(0, cut % (acts.length + 1))
      const { session } = foldFacts(emptyBook, [opened, ...before])
      assert(session !== undefined)
      const told = { ...session, told: true as const }
      const heard: Book = { ...emptyBook, session: { ...told, heard: before.map(({ id }) => id) } }
      const after = foldTold(heard, acts)
      expect(after.session).toMatchObject({ totals, told: true })
      const unknown: Book = { ...emptyBook, session: told }
      expect(foldTold(unknown, acts)).toBe(unknown)
    }),
  )
})

test('a drawer that was given to somebody in the office is theirs, and goes back at the till', () => {
  fc.assert(
    fc.property(someTillDay, ({ drafts }) => {
      const open = foldFacts(emptyBook, drafts.slice(0, 1).map(factOf))
      const sessionId = open.session?.id ?? ''
      const given = [{ id: 'given', sessionId, toStaffId: 'mai' }]
      const theirs = foldHandOvers(open, given)
      expect(theirs.session).toMatchObject({ staffId: 'mai' })
      const { session } = open
      assert(session !== undefined && theirs.session !== undefined)
      const back: Book = { ...theirs, session: { ...theirs.session, staffId: session.staffId } }
      expect(foldHandOvers(back, given)).toBe(back)
      expect(
        foldHandOvers(open, [{ ...given[0], id: 'x', sessionId: 'other', toStaffId: 'y' }]),
      ).toBe(open)
    }),
  )
})
