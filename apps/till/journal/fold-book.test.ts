import type { SessionId } from '@tillkeeper/core/base/id.ts'
import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { someTillDay } from '@tillkeeper/facts/catalogue/till-day.gen.ts'
import { hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import fc from 'fast-check'
import { assert, expect, test } from 'vitest'
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
      // Papers of cash that moved take numbers of the same series.
      const receipts = facts.flatMap(({ body }) =>
        'receiptCounter' in body ? body.receiptCounter : [],
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

test('a session that the store server told has all in it: what comes back is not added again', () => {
  fc.assert(
    fc.property(someTillDay, ({ drafts }) => {
      const facts = drafts.map(factOf)
      const acts = facts.slice(1, -1)
      const own = foldFacts(emptyBook, facts.slice(0, -1))
      assert(own.session !== undefined)
      const book = { ...emptyBook, session: { ...own.session, told: true as const } }
      const after = foldFacts(book, acts)
      expect(after.session).toEqual(book.session)
      // No receipt number is given again all the same.
      expect(after.counters).toEqual(own.counters)
    }),
  )
})

test('a session that rested, went on, changed hands and was ended comes back as it was', () => {
  fc.assert(
    fc.property(someTillDay, fc.nat(), ({ drafts, totals }, cut) => {
      const [opened, ...acts] = drafts.map(factOf)
      const closed = acts.pop()
      assert(opened?.type === 'till.opened' && closed?.type === 'till.closed')
      const { shopId, tillId, staffId } = opened.body
      const sessionId = opened.id as SessionId
      const step = (type: string, body: object) =>
        factOf({ ...opened, type, body: { shopId, tillId, sessionId, staffId, ...body } }, 0)
      const at = cut % (acts.length + 1)
      const middle = [
        step('till.suspended', {}),
        step('till.resumed', { fromTillId: tillId, carried: [] }),
        step('till.handed_over', { fromStaffId: staffId, toStaffId: 'mai', counted: [] }),
        step('till.counted', { kind: 'cycle', currency: 'THB', countedMinor: 0 }),
      ]
      const rests = foldFacts(emptyBook, [opened, ...acts.slice(0, at), ...middle.slice(0, 1)])
      expect(rests.session).toBeUndefined()
      expect(rests.waiting).toMatchObject([{ id: sessionId, suspended: true, staffId }])
      const until = foldFacts(rests, [...middle.slice(1), ...acts.slice(at)])
      expect(until.session).toMatchObject({ id: sessionId, staffId: 'mai', totals })
      expect(until.session?.recounts).toBeUndefined()
      const ended = foldFacts(until, [step('till.ended', { reason: 'forgotten' })])
      expect(ended.session).toBeUndefined()
      expect(ended.waiting).toMatchObject([{ id: sessionId, state: 'reconciling', totals }])
      const book = foldFacts(ended, [closed])
      expect(book.waiting).toBeUndefined()
      expect(book.lastClosed).toMatchObject({ id: sessionId, totals, close: { id: closed.id } })
    }),
  )
})
