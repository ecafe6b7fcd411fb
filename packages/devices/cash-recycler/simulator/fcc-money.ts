import { childOf, type Element, type Node, node } from './fcc-xml.ts'
import { listPieces } from './held-money.ts'
import { type DevId, deviceOf, type UnitPlan } from './machine-profiles.ts'
import {
  booked,
  type Counts,
  type Level,
  levelOf,
  type Machine,
  type OperationKind,
  type Phase,
  placeOf,
  type Result,
} from './machine-state.ts'

// The machine's numbers and money blocks, as its interface specification has them.

export const resultOf: Readonly<Record<Result, number>> = {
  ...{ done: 0, cancelled: 1, reset: 2, refund_short: 9, short: 10, inconsistent: 12 },
  ...{ jam: 13, device: 100 },
}

const statuses: Readonly<Record<Phase, number>> = {
  ...{ off: 0, initialising: 0, idle: 1, starting: 2, waiting: 3, counting: 4, dispensing: 5 },
  ...{ remove_reject: 6, remove_out: 7, resetting: 8, cancelling: 9, calculating: 10 },
  ...{ collecting: 12, verifying: 12, error: 13, short: 23, suspicious: 24, blocked: 30 },
}

export function statusOf(phase: Phase, kind: OperationKind | undefined): number {
  if (kind === 'replenish' && phase === 'waiting') return 16
  if (kind === 'replenish' && phase === 'counting') return 17
  if (kind !== 'pay_in' && phase === 'cancelling') return 11
  return statuses[phase]
}

const deviceStates: Partial<Record<Phase, number>> = {
  ...{ idle: 1000, starting: 2000, waiting: 2000, counting: 2050, suspicious: 2050, short: 2055 },
  ...{ calculating: 2055, dispensing: 3000, cancelling: 2500, remove_out: 3100, resetting: 5000 },
  ...{ collecting: 6000, verifying: 6600, off: 0, initialising: 0, remove_reject: 2500 },
}

/** The structure `Status` of an answer. */
export function statusNode(machine: Machine): Node {
  const device = (devId: DevId) => {
    const fault = machine.error?.devId === devId ? machine.error : undefined
    const broken = machine.phase === 'error' ? 9200 : 9400
    const st = fault === undefined ? (deviceStates[machine.phase] ?? 1000) : broken
    return node('DevStatus', '', { devid: devId, val: fault?.code ?? 0, st })
  }
  const code = statusOf(machine.phase, machine.operation?.kind)
  return node('Status', [node('Code', code), device(1), device(2)])
}

export function verifyNode(machine: Machine): Node {
  const info = (devId: DevId) =>
    node('RequireVerifyDenomination', '', {
      devid: devId,
      val: machine.unsure.includes(devId) ? 1 : 0,
    })
  return node('RequireVerifyInfos', [node('RequireVerifyDenominationInfos', [info(1), info(2)])])
}

export const levelCodes: Readonly<Record<Level, number>> = {
  ...{ empty: 0, near_empty: 1, normal: 2, near_full: 3, full: 4 },
}

function denominationNode(machine: Machine, face: number, pieces: number, status: number): Node {
  const { profile } = machine
  const devid = deviceOf(profile, face) ?? 1
  return node('Denomination', [node('Piece', pieces), node('Status', status)], {
    ...{ cc: profile.currency, fv: face, rev: 0, devid },
  })
}

/** A block of money that moved. */
export function cashNode(
  machine: Machine,
  type: number,
  counts: Counts,
  more: Record<string, string> = {},
): Node {
  return node('Cash', denominationNodes(machine, counts), { type, ...more })
}

export const denominationNodes = (machine: Machine, counts: Counts): Node[] =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([face, count]) => denominationNode(machine, Number(face), count, 0))

/** One view of what it holds: 3 everything but the capture bin, 4 what it can give. */
export function inventoryNode(machine: Machine, type: 3 | 4): Node {
  const counts = new Map<number, { pieces: number; status: number }>()
  for (const unit of machine.profile.units) {
    if (unit.kind === 'capture' || (type === 4 && unit.kind !== 'recycling')) continue
    for (const face of unit.faces) {
      const known = counts.get(face)
      const status = known?.status ?? levelCodes[levelOf(machine, unit)]
      counts.set(face, { pieces: (known?.pieces ?? 0) + booked(machine, unit, face), status })
    }
  }
  const lines = [...counts].map(([face, { pieces, status }]) =>
    denominationNode(machine, face, pieces, status),
  )
  return node('Cash', lines, { type })
}

/** What every stacker and box holds. */
export function unitNodes(machine: Machine): Node[] {
  const unitNode = (unit: UnitPlan) => {
    const st = levelCodes[levelOf(machine, unit)]
    const lines = unit.faces.map((face) =>
      denominationNode(machine, face, booked(machine, unit, face), st),
    )
    const { unitNo, nf, ne, max } = unit
    return node('CashUnit', lines, { unitno: unitNo, st, nf, ne, max })
  }
  return ([1, 2] as const).map((devId) =>
    node('CashUnits', machine.profile.units.filter((unit) => unit.devId === devId).map(unitNode), {
      devid: devId,
    }),
  )
}

/** What units of these devices hold by their last count. */
export function bookedCounts(machine: Machine, devices: readonly DevId[]): Counts {
  const counts: Record<number, number> = {}
  for (const unit of machine.profile.units) {
    if (!devices.includes(unit.devId)) continue
    for (const face of unit.faces) counts[face] = (counts[face] ?? 0) + booked(machine, unit, face)
  }
  return counts
}

/** The pieces of a request's block; `undefined` where it cannot be read, or names money that is not here. */
export function readCash(machine: Machine, request: Element): Counts | undefined {
  const block = childOf(request, 'Cash')
  if (block === undefined) return undefined
  const counts: Record<number, number> = {}
  for (const line of block.children) {
    if (line.name !== 'Denomination') continue
    const face = Number(line.attributes.fv)
    const count = Number(childOf(line, 'Piece')?.text)
    const { profile } = machine
    const known = line.attributes.cc === profile.currency && deviceOf(profile, face) !== undefined
    if (!known || !Number.isSafeInteger(count) || count < 0) return undefined
    counts[face] = (counts[face] ?? 0) + count
  }
  return counts
}

/** `DevicePositionID` of a unit: stackers count from 3, boxes are the collection container. */
export function positionOf(unit: UnitPlan): number {
  if (unit.kind === 'capture') return 19
  if (unit.kind === 'box') return unit.devId === 1 ? 14 : 21
  if (unit.unitNo >= 4043 && unit.unitNo <= 4048) return unit.unitNo - 4043 + 3
  if (unit.unitNo === 4054 || unit.unitNo === 4055) return unit.unitNo - 4054 + 9
  return unit.unitNo === 4165 ? 74 : 3
}

/** Everything that lies in a unit in truth, for the control page. */
export function truthOf(machine: Machine, unit: UnitPlan): Counts {
  const counts: Record<number, number> = {}
  for (const { piece, count } of listPieces(machine.held, placeOf(unit))) {
    counts[piece.faceMinor] = (counts[piece.faceMinor] ?? 0) + count
  }
  return counts
}
