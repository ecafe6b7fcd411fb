import { type StaffId, uuidv7 } from '@tillkeeper/core/base/id.ts'
import { catalogue, type FactType } from '@tillkeeper/facts/catalogue/catalogue.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import type { Chain, Chance, MachineUse } from './trade.gen.ts'

// Days of cash recyclers, also as no machine would do: ends without a beginning, ends that are said twice, people
// who say something else. Two authors tell them, so that either half may come first.

const startMs = Date.parse('2026-03-02T10:00:00.000Z')
const currency = 'THB'
const face = 10_000
const attemptsPerRound = 6

/** The machine of a shop. */
export const machineOf = (shopId: string) => `${shopId.slice(0, 24)}0000000000c1`

type Write = (type: FactType, body: object) => string

/** What two authors say of the machines of all shops. */
export function generateRecyclers(
  chance: Chance,
  chain: Chain,
  { rounds, uses }: { readonly rounds: number; readonly uses: readonly MachineUse[] },
): readonly [first: FactDraft[], second: FactDraft[]] {
  const drafts: readonly [FactDraft[], FactDraft[]] = [[], []]
  let nowMs = startMs
  for (const { id: shopId } of chain.shops) {
    const staff = () => chain.staff[chance.pick(chain.staff.length)] as StaffId
    const recyclerId = machineOf(shopId)
    const write: Write = (type, body) => {
      nowMs += 1_000 + chance.pick(60_000)
      const id = uuidv7(nowMs, chance.bytes(10))
      const occurredAt = new Date(nowMs).toISOString()
      const by = type === 'recycler.told' ? {} : { staffId: staff() }
      drafts[chance.pick(2) === 0 ? 0 : 1].push({
        ...{ id, type, v: catalogue[type].v, scope: `shop:${shopId}`, actor: `staff:${staff()}` },
        ...{ occurredAt, businessDate: occurredAt.slice(0, 10) },
        ...{ keys: [`recycler:${recyclerId}`], refs: [] },
        body: { shopId, recyclerId, ...by, ...body },
      })
      return id
    }
    for (let round = 0; round < rounds * attemptsPerRound; round += 1) {
      generateAttempt(chance, write, uuidv7(nowMs, chance.bytes(10)), round)
      if (chance.pick(3) === 0) generateLook(chance, write)
    }
    for (const use of uses.filter((each) => each.shopId === shopId)) {
      generatePayment(chance, write, use)
    }
  }
  return drafts
}

const cashOf = (pieces: number) => ({
  ...{ currency, minor: face * pieces },
  pieces: pieces === 0 ? [] : [{ faceMinor: face, pieces }],
})
const stockOf = (pieces: number) =>
  (['recycling', 'cash_box'] as const).map((unit) => ({
    ...{ unit, currency, faceMinor: face, pieces, level: 'normal' },
  }))

function someWork(chance: Chance) {
  const count = 1 + chance.pick(9)
  const pieces = [{ faceMinor: face, pieces: count }]
  const works = [
    { kind: 'pay_in', amountMinor: face * count },
    { kind: 'pay_out', amountMinor: face * count },
    { kind: 'deposit' },
    { kind: 'replenish', from: 'entrance' },
    { kind: 'collect', to: 'exit', pieces },
    { kind: 'collect', to: 'cash_box', pieces },
  ] as const
  const work = works[chance.pick(works.length)] ?? works[0]
  const comesIn = ['pay_in', 'deposit', 'replenish'].includes(work.kind)
  const moved = comesIn
    ? { in: cashOf(count + chance.pick(2)), out: cashOf(chance.pick(2)) }
    : { in: cashOf(0), out: cashOf(count) }
  return { work, moved }
}

function generateAttempt(chance: Chance, write: Write, attemptId: string, round: number): void {
  const { work, moved } = someWork(chance)
  const about = { attemptId, currency, work }
  const start = () =>
    write('recycler.started', {
      ...{ ...about, seqNo: String(round).padStart(11, '0'), before: stockOf(chance.pick(9)) },
    })
  // Some were never begun as far as anybody told, some never ended.
  if (chance.pick(8) > 0) start()
  const unresolved = chance.pick(3) === 0
  for (let times = chance.pick(7) === 0 ? 2 : 1; times > 0; times -= 1) {
    const boxed = chance.pick(3) === 0 ? { boxed: cashOf(1) } : {}
    write('recycler.settled', {
      ...{ ...about, ...moved, ...boxed, certain: !unresolved, because: 'reply', code: '0' },
      ending: unresolved ? 'unresolved' : 'done',
      ...(chance.pick(2) === 0 ? { after: stockOf(chance.pick(9)) } : {}),
    })
  }
  const people = unresolved ? chance.pick(3) : 0
  for (let times = people; times > 0; times -= 1) {
    const attempt = { attemptId, work, ending: 'done', ...moved }
    write('recycler.resolved', { attempt, variances: [], reason: 'counted by hand' })
  }
}

/**
 * What a machine says of an attempt that an act names: nothing yet, as the act says, another amount, nothing moved, or that
 * nobody knows. Now and then all of it was given again, with the act or without.
 */
function generatePayment(chance: Chance, write: Write, { attemptId, minor }: MachineUse): void {
  const cash = (amount: number) => ({ currency, minor: amount })
  const ends = ['done', 'done', 'done', 'done', 'not_done', 'unresolved', 'other', 'none'] as const
  const end = ends[chance.pick(ends.length)] ?? 'done'
  const amount = Math.abs(minor) + (end === 'other' ? face : 0)
  const moved = end === 'not_done' ? 0 : amount
  const isIn = minor > 0
  const work = { kind: isIn ? 'pay_in' : 'pay_out', amountMinor: Math.abs(minor) }
  const about = { attemptId, currency, work }
  const cashes = { in: cash(isIn ? moved : 0), out: cash(isIn ? 0 : moved) }
  const seqNo = String(chance.pick(1_000_000)).padStart(11, '0')
  if (chance.pick(8) > 0) write('recycler.started', { ...about, seqNo, before: [] })
  if (end === 'none') return
  const unknown = end === 'unresolved'
  const ending = unknown || end === 'not_done' ? end : 'done'
  write('recycler.settled', { ...about, ...cashes, ending, certain: !unknown, because: 'reply' })
  if (unknown && chance.pick(2) === 0) {
    const attempt = { attemptId, work, ending: 'done', ...cashes }
    write('recycler.resolved', { attempt, variances: [], reason: 'counted by hand' })
  }
  if (!isIn || chance.pick(6) > 0) return
  const again = { ...about, attemptId: `${attemptId.slice(0, -2)}ff` }
  const given = { ...again, work: { kind: 'pay_out', amountMinor: amount } }
  write('recycler.started', { ...given, seqNo, before: [], links: { forAttemptId: attemptId } })
  write('recycler.settled', {
    ...{ ...given, in: cash(0), out: cash(moved), ending: 'done', certain: true, because: 'reply' },
  })
}

function generateLook(chance: Chance, write: Write): void {
  const reported = chance.pick(5)
  const line = {
    unit: chance.pick(2) === 0 ? 'recycling' : 'cash_box',
    currency,
    faceMinor: face,
    expected: 5,
    reported,
  }
  write('recycler.differed', { differences: [line] })
  if (chance.pick(2) === 0) {
    write('recycler.resolved', {
      counted: stockOf(reported),
      variances: [
        { unit: 'recycling', cash: cashOf(5 - reported), way: 'short' },
        { unit: 'cash_box', cash: cashOf(chance.pick(2)), way: 'over' },
      ],
      reason: 'the machine counted itself',
      ...(chance.pick(4) === 0 ? { first: true } : {}),
    })
  }
  write('recycler.told', {
    condition: { is: chance.pick(2) === 0 ? 'ready' : 'busy' },
    ...(chance.pick(2) === 0 ? { stock: stockOf(chance.pick(9)) } : {}),
  })
  if (chance.pick(2) > 0) return
  const found = [
    { unit: 'cash_box', cash: cashOf(1), way: chance.pick(2) === 0 ? 'over' : 'short' },
  ]
  write('recycler.emptied', {
    cash: [cashOf(1 + chance.pick(3))],
    ...(chance.pick(2) === 0 && { variances: found }),
    ...(chance.pick(4) === 0 && { first: true }),
  })
}
