import type { SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import {
  decideGiveCash,
  decideReceiveCash,
  type HandOver,
} from '@tillkeeper/core/drawer/hand-over-cash.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import type { TillSession } from '@tillkeeper/core/till/till-session.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { type Effects, noEffects } from '../apply/effects.ts'
import { drawer, overShort, transit } from '../cash/location.ts'
import { addHandOver, addHandOverAnswer } from './apply-cash-handed.ts'

// Cash from drawer to drawer, as two tills decide it that do not always hear each other: whatever is lost, comes
// twice or in another order, no satang comes from nowhere.

const shopId = 'shop' as ShopId
const currency = 'THB' as Currency
const tills = [0, 1, 2].map((n) => ({
  till: { id: `till${n}` as TillId, shopId, active: true },
  session: {
    id: `session${n}` as SessionId,
    shopId,
    tillId: `till${n}` as TillId,
    staffId: `staff${n}` as StaffId,
    currency,
    floatMinor: minor(100_000),
    state: 'open',
  } satisfies TillSession,
}))
type Given = AppliedOf<'cash.given'>
type Answered = AppliedOf<'cash.received'>

const step = fc.record({
  from: fc.nat({ max: 2 }),
  to: fc.nat({ max: 2 }),
  amount: fc.integer({ min: 1, max: 60_000 }),
  /** Who answers, in turn; they may not know what was answered before. */
  answers: fc.array(
    fc.record({
      till: fc.nat({ max: 2 }),
      answer: fc.constantFrom('accepted', 'accepted', 'declined'),
      miscount: fc.constantFrom(0, 0, 0, -100, 2_500),
      knows: fc.boolean(),
    }),
    { maxLength: 4 },
  ),
})

function play(steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]) {
  const facts: (Given | Answered)[] = []
  const held = tills.map(() => 100_000)
  const fact = (type: string, id: string, body: unknown) => ({
    fact: { type, id, body, businessDate: '2026-11-20', occurredAt: '' },
  })
  for (const [index, { from, to, amount, answers }] of steps.entries()) {
    const giver = tills[from]
    const given = decideGiveCash(
      {
        at: { shopId },
        session: giver?.session,
        toTill: tills[to]?.till,
        holds: { amountMinor: minor(held[from] ?? 0) },
      },
      { staffId: giver?.session.staffId as StaffId, amountMinor: minor(amount) },
    )
    if (!given.ok) continue
    held[from] = (held[from] ?? 0) - amount
    const id = `transfer${index}`
    facts.push(fact('cash.given', id, given.value) as Given)
    let state: HandOver['state'] = 'given'
    for (const [nth, { till, answer, miscount, knows }] of answers.entries()) {
      const receiver = tills[till]
      const received = decideReceiveCash(
        {
          at: { shopId },
          session: receiver?.session,
          transfer: { ...given.value, id, state: knows ? state : 'given' },
        },
        {
          staffId: receiver?.session.staffId as StaffId,
          answer: answer as 'accepted' | 'declined',
          countedMinor: minor(Math.max(0, amount + miscount)),
        },
      )
      if (!received.ok) continue
      held[till] = (held[till] ?? 0) + received.value.countedMinor
      if (state !== 'received') state = answer === 'accepted' ? 'received' : 'declined'
      facts.push(fact('cash.received', `${id}/${nth}`, received.value) as Answered)
    }
  }
  return { facts, held }
}

/** Applies what was delivered, each fact once, as inserts by id see to it. */
function apply(delivered: readonly (Given | Answered)[]): Effects {
  const effects = noEffects()
  for (const applied of new Map(delivered.map((each) => [each.fact.id, each])).values()) {
    if (applied.fact.type === 'cash.given') addHandOver(effects, applied as Given)
    else addHandOverAnswer(effects, applied as Answered)
  }
  return effects
}

function balancesOf({ transfers }: Effects): ReadonlyMap<string, number> {
  const balances = new Map<string, number>()
  for (const { from_location, to_location, amount_minor } of transfers) {
    balances.set(from_location, (balances.get(from_location) ?? 0) - amount_minor)
    balances.set(to_location, (balances.get(to_location) ?? 0) + amount_minor)
  }
  return balances
}

test('two signatures conserve cash under loss, repetition, any order and decline', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 8 }),
      fc.infiniteStream(fc.nat({ max: 1_000 })),
      (steps, chance) => {
        const { facts, held } = play(steps)
        const next = () => chance.next().value as number
        const repeated = facts.flatMap((each) => (next() % 3 === 0 ? [each, each] : [each]))
        const shuffled = repeated
          .map((each) => ({ each, at: next() }))
          .sort((a, b) => a.at - b.at)
          .map(({ each }) => each)
        const part = shuffled.filter(() => next() % 4 > 0)
        for (const delivered of [facts, shuffled, part]) {
          const balances = balancesOf(apply(delivered))
          expect([...balances.values()].reduce((all, each) => all + each, 0)).toBe(0)
          // Nothing is invented on the way: what is there was given, less what was signed for.
          for (const { fact } of facts) {
            if (fact.type !== 'cash.given') continue
            const there = new Map(delivered.map((each) => [each.fact.id, each.fact]))
            const accepted = [...there.values()].filter(
              (each) =>
                each.type === 'cash.received' &&
                each.body.transferId === fact.id &&
                each.body.answer === 'accepted',
            )
            const given = there.has(fact.id) ? fact.body.amountMinor : 0
            const left = balances.get(transit(shopId, fact.id)) ?? 0
            expect(left).toBe(given - accepted.length * fact.body.amountMinor)
          }
        }
        // Once all is there, each drawer holds what its till believes, and its session's sums say the same.
        const whole = apply(shuffled)
        const balances = balancesOf(whole)
        for (const [index, { session }] of tills.entries()) {
          const inside = 100_000 + (balances.get(drawer(session.tillId)) ?? 0)
          expect(inside).toBe(held[index])
          const sums = whole.sessions.get(session.id)
          expect(100_000 - (sums?.dropped_minor ?? 0) + (sums?.topped_up_minor ?? 0)).toBe(inside)
        }
        const differences = facts.reduce(
          (all, { fact }) => all + (fact.type === 'cash.received' ? fact.body.varianceMinor : 0),
          0,
        )
        expect(balances.get(overShort(shopId)) ?? 0).toBe(-differences || 0)
      },
    ),
  )
})
