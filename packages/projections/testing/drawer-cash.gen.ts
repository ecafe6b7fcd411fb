import type { SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { someTimes } from './pieces.gen.ts'
import type { Chance } from './trade.gen.ts'

// What happens to a drawer's cash beside sales: from drawer to drawer, note for note, in dollars, with a photo,
// on somebody's word, and the other signature of a drop. Also as rules would never let it be.

type Here = {
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly sessionId: SessionId
  readonly staffId: StaffId
  readonly currency: Currency
}
type Write = (type: string, body: object) => string

/** Cash that left a drawer of a shop for another one. */
export type Given = {
  readonly id: string
  readonly shopId: ShopId
  readonly fromSessionId: SessionId
  readonly currency: Currency
  readonly foreign: boolean
  readonly givenMinor: number
}

/** Who works with a drawer, and what is under way in its shop. */
export type DrawerWork = {
  readonly here: Here
  readonly tills: readonly TillId[]
  readonly staff: readonly StaffId[]
  /** Of all shops; what is given is added. */
  readonly given: Given[]
}

const dollar = 'USD' as Currency
/** Said by a server, also of what its tills have not told yet. */
export const signatureTypes: readonly string[] = ['cash.confirmed']
/** A picture of one point. */
const photo =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** One act at a drawer. Returns what it has more of its own currency than before. */
export function generateDrawerAct(chance: Chance, work: DrawerWork, write: Write): number {
  switch (chance.pick(6)) {
    case 0:
      return swapNotes(chance, work.here, write)
    case 1:
      return openDrawer(chance, work, write)
    case 2:
      return moveAbroad(chance, work.here, write)
    case 3:
      return lendFund(chance, work, write)
    default:
      return giveCash(chance, work, write)
  }
}

function swapNotes(chance: Chance, { currency, ...here }: Here, write: Write): number {
  write('cash.swapped', {
    ...{ ...here, currency, amountMinor: 10_000, with: chance.pick(2) === 0 ? 'safe' : 'customer' },
    given: [{ faceMinor: 2_000, pieces: 5 }],
    taken: [{ faceMinor: 10_000, pieces: 1 }],
  })
  return 0
}

/** With nothing sold: by who may, on another's word, on one's own, or on a word that was used before. */
function openDrawer(chance: Chance, { here, staff }: DrawerWork, write: Write): number {
  const { shopId, tillId, sessionId, staffId } = here
  const approval = {
    // Of four words, so some are used twice.
    id: `01940000-0000-7000-8000-00000000a00${chance.pick(4)}`,
    approverId: chance.pick(3) === 0 ? staffId : staff[chance.pick(staff.length)],
    ...{ permission: 'drawer.open', at: '2026-03-02T01:00:00.000Z', method: 'pin' },
  }
  for (let times = chance.pick(3) === 0 ? 2 : 1; times > 0; times -= 1) {
    write('drawer.opened', {
      ...{ shopId, tillId, staffId, reason: 'a coin for the trolley' },
      ...(chance.pick(4) === 0 ? {} : { sessionId }),
      ...(chance.pick(4) === 0 ? {} : { approval }),
    })
  }
  return 0
}

/** Dollars come in or go out, with a photo of what they were for. */
function moveAbroad(chance: Chance, { currency: _, ...here }: Here, write: Write): number {
  const { shopId, staffId } = here
  const attachmentId = write('attachment.added', {
    ...{ shopId, staffId, mime: 'image/png', bytes: photo },
  })
  const kind = (['pay_in', 'pay_out', 'drop', 'top_up'] as const)[chance.pick(4)]
  write('cash.moved', {
    ...{ ...here, kind, currency: dollar, foreign: true, amountMinor: 100 * (1 + chance.pick(50)) },
    ...{ attachmentId, note: 'for the guide' },
  })
  return 0
}

/** Change of a drawer for somebody's stall, in both currencies; a part of it comes back, or more than went. */
function lendFund(chance: Chance, { here, staff }: DrawerWork, write: Write): number {
  const { shopId, tillId, sessionId, staffId: byStaffId, currency } = here
  const fund = { shopId, staffId: staff[chance.pick(staff.length)], byStaffId }
  const drawer = { tillId, sessionId, currency }
  const cashOf = (amountMinor: number) => [
    { currency, minor: minor(amountMinor), ...someTimes(chance, amountMinor) },
    ...(chance.pick(2) === 0 ? [] : [{ currency: dollar, minor: minor(500) }]),
  ]
  const issuedMinor = 5_000 + 100 * chance.pick(50)
  write('fund.issued', { ...fund, drawer, cash: cashOf(issuedMinor) })
  if (chance.pick(3) === 0) return -issuedMinor
  const backMinor = 100 * (1 + chance.pick(110))
  const settled = [{ currency, varianceMinor: backMinor - issuedMinor }]
  write('fund.returned', {
    ...{ ...fund, drawer, cash: cashOf(backMinor) },
    ...(chance.pick(2) === 0 ? {} : { settled }),
  })
  return backMinor - issuedMinor
}

function giveCash(chance: Chance, { here, tills, given }: DrawerWork, write: Write): number {
  const { currency, ...place } = here
  const foreign = chance.pick(4) === 0
  const amountMinor = minor(1_000 + 100 * chance.pick(100))
  const said = foreign
    ? { currency: dollar, foreign: true, amountMinor }
    : { currency, amountMinor, ...someTimes(chance, amountMinor) }
  const toTillId = tills[chance.pick(tills.length)]
  const id = write('cash.given', { ...place, toTillId, ...said })
  const { shopId, sessionId: fromSessionId } = place
  given.push({
    ...{ id, shopId, fromSessionId, foreign, givenMinor: amountMinor },
    currency: said.currency,
  })
  return foreign ? 0 : -amountMinor
}

/**
 * What is on its way is counted or declined, by another till or by the giver; by both, where they do not hear each
 * other. Returns what the drawer has more of its own currency than before.
 */
export function generateAnswers(chance: Chance, work: DrawerWork, write: Write): number {
  const { given, here } = work
  const waiting = given.filter(({ shopId }) => shopId === here.shopId)
  let moreMinor = 0
  for (const transfer of waiting) {
    if (chance.pick(3) > 0) moreMinor += answerTransfer(chance, { here, transfer }, write)
    if (chance.pick(2) === 0) given.splice(given.indexOf(transfer), 1)
  }
  return moreMinor
}

function answerTransfer(
  chance: Chance,
  { here, transfer }: Pick<DrawerWork, 'here'> & { readonly transfer: Given },
  write: Write,
): number {
  const { id: transferId, fromSessionId, currency, foreign, givenMinor } = transfer
  const answer = chance.pick(4) === 0 ? 'declined' : 'accepted'
  const varianceMinor = answer === 'declined' ? 0 : ([0, 0, -100, 200][chance.pick(4)] ?? 0)
  const countedMinor = answer === 'declined' ? 0 : givenMinor + varianceMinor
  write('cash.received', {
    ...{ ...here, transferId, fromSessionId, answer, currency, givenMinor },
    ...(foreign ? { foreign: true } : {}),
    ...{ countedMinor, varianceMinor },
  })
  return foreign ? 0 : countedMinor
}

/** A cash movement as it was written. */
export type Moved = { readonly id: string; readonly kind: string; readonly amountMinor: number }

/** Drops are looked for in the safe: some never, some by two who did not know, some with less or more in them. */
export function generateConfirmations(
  chance: Chance,
  { here, staff, moved }: Pick<DrawerWork, 'here' | 'staff'> & { readonly moved: readonly Moved[] },
  write: Write,
): void {
  const { shopId, sessionId, currency } = here
  for (const { id: movementId, kind, amountMinor } of moved) {
    if (kind !== 'drop') continue
    for (let times = [0, 1, 2, 2][chance.pick(4)] ?? 0; times > 0; times -= 1) {
      const varianceMinor = Math.max(-amountMinor, [0, 0, -100, 2_000][chance.pick(4)] ?? 0)
      const countedMinor = amountMinor + varianceMinor
      write('cash.confirmed', {
        ...{ shopId, sessionId, staffId: staff[chance.pick(staff.length)], movementId, currency },
        ...{ droppedMinor: amountMinor, countedMinor, varianceMinor },
      })
    }
  }
}
