import type { RecyclerWork } from '@tillkeeper/facts/catalogue/recycler.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import type { Effects, TransferType } from '../apply/effects.ts'
import { addCash } from '../cash/add-cash.ts'
import { cashBox, customer, overShort, owner, recycler, safe } from '../cash/location.ts'

// What facts of a cash recycler add to cash. No transfer bears a session: nothing of it goes through a drawer.

/** An intent moves nothing; its end may have come before it. */
export function addStart(effects: Effects, { fact }: AppliedOf<'recycler.started'>): void {
  const { attemptId, links } = fact.body
  effects.touched.attempts.add(attemptId)
  if (links?.forAttemptId !== undefined) effects.touched.attempts.add(links.forAttemptId)
}

/** Books what moved, unless nobody knows: then a person's word books it. */
export function addSettlement(effects: Effects, { fact }: AppliedOf<'recycler.settled'>): void {
  const { shopId, recyclerId, attemptId, ending, certain, boxed } = fact.body
  effects.touched.attempts.add(attemptId)
  if (ending === 'unresolved' || !certain) return
  addMoved(effects, fact, fact.body)
  if (boxed === undefined) return
  addCash(effects, fact, {
    ...{ from: recycler(shopId, recyclerId), to: cashBox(shopId, recyclerId) },
    ...{ type: 'machine_box', part: 'boxed', cash: [boxed] },
  })
}

/** A difference is told, and booked by nobody but who counted. */
export function addDifference(effects: Effects, { fact }: AppliedOf<'recycler.differed'>): void {
  effects.touched.recyclers.add(fact.body.recyclerId)
}

/** Books what an attempt is taken to have moved, then what the count differs by, face by face. */
export function addResolution(effects: Effects, { fact }: AppliedOf<'recycler.resolved'>): void {
  const { recyclerId, attempt, variances, first } = fact.body
  effects.touched.recyclers.add(recyclerId)
  if (attempt !== undefined) {
    effects.touched.attempts.add(attempt.attemptId)
    addMoved(effects, fact, attempt)
  }
  addVariances(effects, fact, { variances, first })
}

/** Out of the cash box into the safe, after the box is booked as it was found. */
export function addEmptying(effects: Effects, { fact }: AppliedOf<'recycler.emptied'>): void {
  const { shopId, recyclerId, cash, variances = [], first } = fact.body
  effects.touched.recyclers.add(recyclerId)
  addVariances(effects, fact, { variances, first })
  const ways = { from: cashBox(shopId, recyclerId), to: safe(shopId) }
  addCash(effects, fact, { ...ways, type: 'machine_collect', part: 'emptied', cash })
}

function addVariances(
  effects: Effects,
  fact: (AppliedOf<'recycler.resolved'> | AppliedOf<'recycler.emptied'>)['fact'],
  {
    variances,
    first,
  }: {
    readonly variances: AppliedOf<'recycler.resolved'>['fact']['body']['variances']
    readonly first: true | undefined
  },
): void {
  const { shopId, recyclerId } = fact.body
  const outside = first === true ? owner(shopId) : overShort(shopId)
  for (const [index, { unit, way, cash }] of variances.entries()) {
    const inside = placeOf(shopId, recyclerId, unit)
    const found: TransferType = first === true ? 'opening' : 'surplus'
    addCash(effects, fact, {
      ...(way === 'over'
        ? { from: outside, to: inside, type: found }
        : { from: inside, to: outside, type: first === true ? 'opening' : 'shortage' }),
      ...{ part: `variance/${index + 1}`, cash: [cash] },
    })
  }
}

const placeOf = (shopId: string, recyclerId: string, unit: 'recycling' | 'cash_box') =>
  unit === 'recycling' ? recycler(shopId, recyclerId) : cashBox(shopId, recyclerId)

type Moved = Pick<AppliedOf<'recycler.settled'>['fact']['body'], 'work' | 'in' | 'out'>

function addMoved(
  effects: Effects,
  fact: (AppliedOf<'recycler.settled'> | AppliedOf<'recycler.resolved'>)['fact'],
  { work, in: taken, out: given }: Moved,
): void {
  const { shopId, recyclerId } = fact.body
  const machine = recycler(shopId, recyclerId)
  const { other, into, outOf } = waysOf(work, shopId, recyclerId)
  addCash(effects, fact, { from: other, to: machine, type: into, part: 'in', cash: [taken] })
  addCash(effects, fact, { from: machine, to: other, type: outOf, part: 'out', cash: [given] })
}

/** Whose money goes in and comes out. */
function waysOf(work: RecyclerWork, shopId: string, recyclerId: string) {
  switch (work.kind) {
    case 'pay_in':
    case 'pay_out':
    case 'deposit':
      return { other: customer(shopId), into: 'machine_in', outOf: 'machine_out' } as const
    case 'replenish':
      return { other: safe(shopId), into: 'machine_fill', outOf: 'machine_collect' } as const
    case 'collect':
      return work.to === 'exit'
        ? ({ other: safe(shopId), into: 'machine_fill', outOf: 'machine_collect' } as const)
        : ({
            ...{ other: cashBox(shopId, recyclerId) },
            ...({ into: 'machine_box', outOf: 'machine_box' } as const),
          } as const)
  }
}
