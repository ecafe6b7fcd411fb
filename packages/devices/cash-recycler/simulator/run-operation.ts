import { makeChange } from '@tillkeeper/core/money/denominations.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { listPieces, move, moveAll, type Piece, type Place } from './held-money.ts'
import { type DevId, deviceOf, type UnitPlan } from './machine-profiles.ts'
import {
  add,
  booked,
  bookMove,
  countPlan,
  type Draft,
  doubt,
  enter,
  type FaultKind,
  moveFace,
  notesIn,
  type Operation,
  placeOf,
  type Result,
  recount,
  worthOf,
} from './machine-state.ts'

// What a machine does by itself once it was told to: count, calculate, give, and how that breaks.

/** Does what is due. The phase says what that is. */
export function advance(draft: Draft) {
  const { phase, timings } = draft
  switch (phase) {
    case 'starting':
      return enter(draft, 'waiting', hasFeed(draft) ? timings.countMs : undefined)
    case 'waiting':
    case 'counting':
      return countNext(draft)
    case 'calculating':
      return calculate(draft)
    case 'dispensing':
    case 'cancelling':
    case 'collecting':
      return giveNext(draft)
    case 'remove_out':
    case 'remove_reject':
      return takeAway(draft)
    case 'verifying':
      return finishVerify(draft)
    case 'error':
      enter(draft, 'blocked')
      return end(draft, draft.operation?.ending ?? 'jam', true)
    case 'resetting':
      return finishReset(draft)
    case 'off':
      return enter(draft, 'initialising', timings.bootMs)
    case 'initialising':
      return finishBoot(draft)
    default:
      enter(draft, phase)
  }
}

const hasFeed = ({ operation, held }: Draft): boolean =>
  operation !== undefined && listPieces(held, operation.from).length > 0

function change(draft: Draft, changes: Partial<Operation>): Operation | undefined {
  if (draft.operation !== undefined) draft.operation = { ...draft.operation, ...changes }
  return draft.operation
}

/** Whether a fault of this kind is due now; one that waits for more pieces waits. */
function fires(draft: Draft, kind: FaultKind): { readonly unitDead: boolean } | undefined {
  const index = draft.faults.findIndex((fault) => fault.kind === kind)
  const fault = draft.faults[index]
  if (fault === undefined) return undefined
  if (fault.after > 0) {
    draft.faults = draft.faults.with(index, { ...fault, after: fault.after - 1 })
    return undefined
  }
  draft.faults = draft.faults.toSpliced(index, 1)
  draft.news.push({ is: 'fired', kind })
  return { unitDead: fault.unitDead ?? false }
}

function countNext(draft: Draft) {
  const { operation, timings } = draft
  const next = operation && listPieces(draft.held, operation.from)[0]
  if (operation === undefined || next === undefined) return afterCounting(draft)
  if (draft.phase !== 'counting') enter(draft, 'counting')
  if (fires(draft, 'power_counting')) return losePower(draft)
  const { piece } = next
  const devId = deviceOf(draft.profile, piece.faceMinor)
  if (devId !== undefined) {
    const jam = fires(draft, 'jam_counting')
    if (jam !== undefined) {
      draft.held = move(draft.held, operation.from, 'transport', piece)
      return jamUp(draft, devId, jam.unitDead)
    }
  }
  if (piece.quality === 'suspicious') {
    draft.held = move(draft.held, operation.from, 'gate', piece)
    draft.news.push({ is: 'suspicious', faceMinor: piece.faceMinor })
    return enter(draft, 'suspicious')
  }
  if (devId === undefined || !accepts(draft, operation, piece, devId)) {
    draft.held = move(draft.held, operation.from, 'reject', piece)
  } else {
    takeIn(draft, operation, piece, devId)
  }
  draft.dueAt = draft.now + timings.countMs
}

function accepts(draft: Draft, operation: Operation, piece: Piece, devId: DevId): boolean {
  if (piece.quality === 'unknown' || draft.disabled.includes(piece.faceMinor)) return false
  return operation.devices.includes(devId) && findRoom(draft, piece) !== undefined
}

function takeIn(draft: Draft, operation: Operation, piece: Piece, devId: DevId) {
  const { held } = draft
  const taken = add(operation.taken, piece.faceMinor)
  draft.operation = { ...operation, taken }
  if (draft.profile.escrow) draft.held = move(held, operation.from, 'escrow', piece)
  else store(draft, operation.from, piece)
  const ofDevice = Object.entries(taken).filter(
    ([face]) => deviceOf(draft.profile, Number(face)) === devId,
  )
  draft.news.push({ is: 'counted', devId, taken: Object.fromEntries(ofDevice) })
  enter(draft, 'counting')
}

/** A place for a piece, counting what is in escrow for the same place: recycling first, worn ones to the box. */
function findRoom(draft: Draft, piece: Piece): UnitPlan | undefined {
  const { units } = draft.profile
  const escrowed = listPieces(draft.held, 'escrow')
  const waiting = (unit: UnitPlan) =>
    escrowed.reduce(
      (sum, { piece: other, count }) => (unit.faces.includes(other.faceMinor) ? sum + count : sum),
      0,
    )
  const fits = (kind: UnitPlan['kind'], room: (unit: UnitPlan) => number) =>
    units.find(
      (unit) => unit.kind === kind && unit.faces.includes(piece.faceMinor) && room(unit) < unit.max,
    )
  const recycling =
    piece.quality === 'fit' ? fits('recycling', (unit) => booked(draft, unit)) : undefined
  return recycling ?? fits('box', (unit) => booked(draft, unit) + waiting(unit))
}

function store(draft: Draft, from: Place, piece: Piece, count = 1) {
  for (let done = 0; done < count; done += 1) {
    const unit = findStore(draft, piece)
    draft.held = move(draft.held, from, placeOf(unit), piece)
    bookMove(draft, unit, piece.faceMinor, 1)
  }
}

/** Where a piece goes that is inside already. The last resort is what holds what nobody knows of. */
function findStore(draft: Draft, piece: Piece): UnitPlan {
  const of = (kind: UnitPlan['kind']) =>
    draft.profile.units.find(
      (unit) =>
        unit.kind === kind &&
        unit.faces.includes(piece.faceMinor) &&
        (kind !== 'recycling' || (piece.quality === 'fit' && booked(draft, unit) < unit.max)),
    )
  const unit = of('recycling') ?? of('box') ?? of('capture')
  if (unit === undefined) throw new Error(`no unit takes ${piece.faceMinor}`)
  return unit
}

function storeEscrow(draft: Draft) {
  for (const { piece, count } of listPieces(draft.held, 'escrow')) {
    store(draft, 'escrow', piece, count)
  }
}

function afterCounting(draft: Draft) {
  const { operation, timings } = draft
  if (notesIn(draft, 'reject') > 0) {
    draft.news.push({ is: 'remove', devId: 1, place: 'entrance' })
    return enter(draft, 'remove_reject', timings.takesAfterMs)
  }
  if (operation === undefined) return enter(draft, 'idle')
  if (operation.finishing) return end(draft, 'done')
  const reached = operation.kind === 'pay_in' && worthOf(operation.taken) >= operation.amountMinor
  if (reached) return enter(draft, 'calculating', timings.calculateMs)
  enter(draft, 'waiting')
}

/** What the machine believes that it can give, and with `withEscrow` what will be there once all is stored. */
export function payable(draft: Draft, withEscrow = false): { faceMinor: number; pieces: number }[] {
  const counts: Record<number, number> = {}
  for (const unit of draft.profile.units) {
    if (unit.kind !== 'recycling') continue
    for (const face of unit.faces) {
      const escrowed = withEscrow
        ? (listPieces(draft.held, 'escrow').find(
            ({ piece }) => piece.faceMinor === face && piece.quality === 'fit',
          )?.count ?? 0)
        : 0
      const room = Math.max(0, unit.max - booked(draft, unit))
      counts[face] = booked(draft, unit, face) + Math.min(escrowed, room)
    }
  }
  return Object.entries(counts).map(([face, pieces]) => ({ faceMinor: Number(face), pieces }))
}

/** Pieces for an amount out of what can be given; `undefined` where there is no way. */
export function planOut(
  amountMinor: number,
  stock: readonly { faceMinor: number; pieces: number }[],
): number[] | undefined {
  const lines = stock.map(({ faceMinor, pieces }) => ({ faceMinor: minor(faceMinor), pieces }))
  const made = makeChange(minor(amountMinor), lines, lines)
  return made?.flatMap(({ faceMinor, pieces }) => Array<number>(pieces).fill(faceMinor))
}

function calculate(draft: Draft) {
  const { operation } = draft
  if (operation === undefined) return enter(draft, 'idle')
  const plan = planOut(worthOf(operation.taken) - operation.amountMinor, payable(draft, true))
  if (plan === undefined) {
    return operation.waitsWhenShort ? enter(draft, 'short') : refund(draft, 'short')
  }
  storeEscrow(draft)
  give(draft, plan, 'done')
}

/** Begins to give these pieces. */
export function give(draft: Draft, plan: readonly number[], ending: Result) {
  const operation = change(draft, { plan, ending })
  if (plan.length === 0) return finishGiving(draft)
  const worth = worthOf(countPlan(plan))
  draft.news.push({ is: 'giving', planned: countPlan(plan) })
  const collects = operation?.kind === 'collect'
  enter(draft, collects ? 'collecting' : 'dispensing', draft.timings.giveMs, worth)
}

/** Gives back what was put in: from escrow the very pieces, else of stock as much as can be made. */
export function refund(draft: Draft, ending: Result) {
  const { operation, timings } = draft
  if (operation === undefined) return enter(draft, 'idle')
  // What was not counted yet was never taken: it comes out as it went in.
  draft.held = moveAll(
    draft.held,
    operation.from,
    operation.from === 'entrance' ? 'exit' : 'cassette',
  )
  const owed = worthOf(operation.taken)
  const plan = draft.profile.escrow
    ? Object.entries(operation.taken).flatMap(([face, n]) => Array<number>(n).fill(Number(face)))
    : planMost(owed, payable(draft))
  const short = worthOf(countPlan(plan)) < owed
  draft.operation = { ...operation, plan, refunding: true, ending: short ? 'refund_short' : ending }
  enter(draft, 'cancelling', timings.giveMs)
}

/** As near to the amount as can be given, from below. */
function planMost(
  amountMinor: number,
  stock: readonly { faceMinor: number; pieces: number }[],
): number[] {
  const exact = planOut(amountMinor, stock)
  if (exact !== undefined) return exact
  const plan: number[] = []
  let left = amountMinor
  for (const { faceMinor, pieces } of stock.toSorted((a, b) => b.faceMinor - a.faceMinor)) {
    const count = Math.min(pieces, Math.floor(left / faceMinor))
    plan.push(...Array<number>(count).fill(faceMinor))
    left -= count * faceMinor
  }
  return plan
}

function giveNext(draft: Draft) {
  const { operation, profile, timings } = draft
  const face = operation?.plan[0]
  if (operation === undefined || face === undefined) return finishGiving(draft)
  if (notesIn(draft, 'exit') >= profile.exitNotesMax) return waitForHands(draft)
  if (fires(draft, 'power_giving')) return losePower(draft)
  const from = findSource(draft, operation, face)
  // The place that it believed in is empty: it does not go on giving.
  if (from === undefined) return giveWrong(draft, operation)
  const devId = deviceOf(profile, face) ?? 1
  const jam = fires(draft, 'jam_giving')
  if (jam !== undefined) {
    moveFace(draft, from.place, 'transport', face, 1)
    if (from.unit !== undefined) bookMove(draft, from.unit, face, -1)
    return jamUp(draft, devId, jam.unitDead)
  }
  const box = operation.to === 'box' ? boxOf(draft, face) : undefined
  const target = box === undefined ? 'exit' : placeOf(box)
  const doubled = from.unit !== undefined && fires(draft, 'double_feed') !== undefined
  moveFace(draft, from.place, target, face, doubled ? 2 : 1)
  if (from.unit !== undefined) bookMove(draft, from.unit, face, -1)
  if (box !== undefined) bookMove(draft, box, face, 1)
  const given = add(operation.given, face)
  draft.operation = { ...operation, given, plan: operation.plan.slice(1) }
  // Its sensors saw more than it meant to give; how many they cannot tell.
  if (doubled) return giveWrong(draft, draft.operation)
  draft.dueAt = draft.now + timings.giveMs
}

function boxOf({ profile }: Draft, face: number): UnitPlan | undefined {
  return profile.units.find(({ kind, faces }) => kind === 'box' && faces.includes(face))
}

function findSource(draft: Draft, operation: Operation, face: number) {
  if (operation.refunding && draft.profile.escrow)
    return { place: 'escrow' as const, unit: undefined }
  const unit = draft.profile.units.find(
    (one) => one.kind === 'recycling' && booked(draft, one, face) > 0,
  )
  if (unit === undefined || operation.plan.length === 0) return undefined
  const place = placeOf(unit)
  return listPieces(draft.held, place).some(({ piece }) => piece.faceMinor === face)
    ? { place, unit }
    : undefined
}

function giveWrong(draft: Draft, operation: Operation) {
  const face = operation.plan[0] ?? Number(Object.keys(operation.given)[0] ?? 0)
  doubt(draft, deviceOf(draft.profile, face) ?? 1)
  draft.operation = { ...operation, plan: [], ending: 'inconsistent' }
  finishGiving(draft)
}

function finishGiving(draft: Draft) {
  if (notesIn(draft, 'exit') > 0) return waitForHands(draft)
  end(draft, draft.operation?.ending ?? 'done')
}

function waitForHands(draft: Draft) {
  draft.news.push({ is: 'remove', devId: 1, place: 'exit' })
  enter(draft, 'remove_out', draft.timings.takesAfterMs)
}

/** Hands take all that lies out, and the machine goes on. */
export function takeAway(draft: Draft) {
  draft.held = moveAll(moveAll(draft.held, 'exit', 'outside'), 'reject', 'outside')
  const { phase, operation, timings } = draft
  if (phase === 'remove_reject') {
    draft.news.push({ is: 'removed', devId: 1, place: 'entrance' })
    return countNext(draft)
  }
  if (phase !== 'remove_out') return
  draft.news.push({ is: 'removed', devId: 1, place: 'exit' })
  if (operation === undefined || operation.plan.length === 0) return finishGiving(draft)
  const giving = operation.refunding ? 'cancelling' : 'dispensing'
  enter(draft, operation.kind === 'collect' ? 'collecting' : giving, timings.giveMs)
}

/** The operation is over. `stays`: the machine is not at rest by that. */
export function end(draft: Draft, result: Result, stays = false) {
  const { operation, timings } = draft
  if (operation === undefined) {
    if (!stays) enter(draft, 'idle')
    return
  }
  // A coin is taken out of its tray without anybody waiting for it.
  if (timings.takesAfterMs !== undefined) {
    draft.held = moveAll(moveAll(draft.held, 'exit', 'outside'), 'reject', 'outside')
  }
  if (result === 'done' && operation.kind !== 'collect') storeEscrow(draft)
  delete draft.operation
  draft.news.push({ is: 'stock', cause: operation.kind }, { is: 'ended', operation, result })
  if (operation.thenReset) enter(draft, 'resetting', timings.resetMs)
  else if (!stays) enter(draft, 'idle')
}

function jamUp(draft: Draft, devId: DevId, unitDead: boolean) {
  doubt(draft, devId)
  change(draft, { plan: [], ending: unitDead ? 'device' : 'jam' })
  const help = devId === 1 ? '/help/rbw100/rbw100_A12.gif' : '/help/rcw100/rcw100_B04.gif'
  const [code, text] =
    devId === 1 ? [0x0101, 'Note jammed in the transport'] : [0x0203, 'Coin jammed between sensors']
  draft.error = { devId, code, help, text }
  draft.news.push({ is: 'error', error: draft.error })
  enter(draft, 'error', draft.timings.recoverMs)
}

/** Power goes: what lies where stays there, and the machine forgets what nobody wrote down. */
export function losePower(draft: Draft) {
  const { operation } = draft
  if (operation !== undefined) draft.interrupted = operation
  delete draft.operation
  enter(draft, 'off', draft.timings.bootMs)
}

function finishBoot(draft: Draft) {
  const { interrupted } = draft
  draft.news.push({ is: 'booted' })
  if (interrupted === undefined) {
    if (draft.error === undefined) enter(draft, 'idle')
    else enter(draft, 'blocked')
    return
  }
  delete draft.interrupted
  draft.news.push({ is: 'interrupted', operation: interrupted })
  const text = 'Power failure during a transaction'
  draft.error = { devId: 1, code: 0x4401, help: '/help/rbw100/rbw100_P01.gif', text }
  draft.news.push({ is: 'error', error: draft.error })
  for (const devId of interrupted.devices) doubt(draft, devId)
  enter(draft, 'blocked')
}

/** What is stuck goes where a person finds it; what was taken in and not given back is kept and counted. */
function finishReset(draft: Draft) {
  for (const { piece, count } of listPieces(draft.held, 'transport')) {
    const unit = draft.profile.units.find(
      ({ kind, faces }) => kind === 'capture' && faces.includes(piece.faceMinor),
    )
    if (unit === undefined) {
      store(draft, 'transport', piece, count)
      continue
    }
    draft.held = move(draft.held, 'transport', placeOf(unit), piece, count)
    bookMove(draft, unit, piece.faceMinor, count)
  }
  storeEscrow(draft)
  draft.held = moveAll(moveAll(draft.held, 'gate', 'exit'), 'entrance', 'exit')
  delete draft.error
  draft.news.push({ is: 'stock', cause: 'person' }, { is: 'reset_done' })
  if (notesIn(draft, 'exit') > 0) return waitForHands(draft)
  enter(draft, 'idle')
}

function finishVerify(draft: Draft) {
  const devices = draft.operation?.devices ?? [1, 2]
  for (const unit of draft.profile.units) if (devices.includes(unit.devId)) recount(draft, unit)
  for (const devId of devices) {
    if (draft.unsure.includes(devId)) draft.news.push({ is: 'sure', devId })
  }
  draft.unsure = draft.unsure.filter((devId) => !devices.includes(devId))
  end(draft, 'done')
}
