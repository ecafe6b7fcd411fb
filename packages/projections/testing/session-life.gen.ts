import type { SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { someTimes } from './pieces.gen.ts'
import type { Chain, Chance } from './trade.gen.ts'

// What happens to a session between its sales: floats, counts, hand-overs, rests and ends.

type Act = { readonly type: string; readonly body: unknown }

/** A float on what was left; now and then what is found is not that, or there are dollars too. */
export function generateOpening(chance: Chance, floatMinor: Minor, leftMinor: number) {
  const dollars = minor(2_000)
  return {
    floatMinor,
    ...someTimes(chance, floatMinor),
    ...floatFrom(floatMinor, chance.pick(4) === 0 ? leftMinor + 100 : leftMinor),
    ...(chance.pick(3) === 0 && {
      others: [{ currency: 'USD', minor: dollars, ...floatFrom(dollars, 0) }],
    }),
  }
}

function floatFrom(floatMinor: Minor, leftMinor: number) {
  const loanMinor = Math.max(0, floatMinor - leftMinor)
  return { leftMinor, loanMinor, varianceMinor: minor(floatMinor - leftMinor - loanMinor) }
}

type InSession = {
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly staffId: StaffId
  readonly sessionId: SessionId
  readonly currency: Currency
  /** What its drawer should hold. */
  readonly drawerMinor: number
}

/** A count, another person, or a rest; now and then the drawer goes on at the other till. */
export function generateSteps(
  chance: Chance,
  chain: Chain,
  { currency, drawerMinor, ...here }: InSession,
): Act[] {
  const { shopId, tillId } = here
  const expectedMinor = minor(drawerMinor)
  const countedMinor = minor(Math.max(0, drawerMinor - 100 * chance.pick(2)))
  const counted = { countedMinor, expectedMinor }
  const other = chain.shops.find(({ id }) => id === shopId)?.tills[chance.pick(2)] ?? tillId
  const staff = chain.staff[chance.pick(chain.staff.length)] as StaffId
  switch (chance.pick(3)) {
    case 0:
      return [{ type: 'till.counted', body: { ...here, ...someCount(chance, counted), currency } }]
    case 1: {
      const { staffId: fromStaffId, ...session } = here
      const varianceMinor = minor(countedMinor - expectedMinor)
      const cash = [{ currency, ...counted, varianceMinor }]
      const body = { ...session, fromStaffId, toStaffId: staff, counted: cash }
      return [{ type: 'till.handed_over', body }]
    }
    default: {
      const carried =
        other === tillId || drawerMinor <= 0 ? [] : [{ currency, minor: minor(drawerMinor) }]
      return [
        { type: 'till.suspended', body: here },
        { type: 'till.resumed', body: { ...here, tillId: other, fromTillId: tillId, carried } },
      ]
    }
  }
}

/** A count of the whole drawer, of two of its faces, again, or by somebody else. */
function someCount(
  chance: Chance,
  counted: { readonly countedMinor: Minor; readonly expectedMinor: Minor },
) {
  const kind = (['snap', 'cycle', 'recount', 'second'] as const)[chance.pick(4)] ?? 'snap'
  if (kind !== 'cycle') return { kind, ...counted }
  const faces = [
    { faceMinor: minor(10_000), pieces: chance.pick(9) },
    { faceMinor: minor(2_000), pieces: chance.pick(9) },
  ]
  const countedMinor = minor(
    faces.reduce((all, { faceMinor, pieces }) => all + faceMinor * pieces, 0),
  )
  return { kind, faces, countedMinor }
}

/**
 * A session is counted: later, where it was forgotten; now and then twice, by two who did not know, or never where that
 * may be.
 */
export function generateEnd(
  chance: Chance,
  { drawerMinor, currency, ...here }: InSession,
  { never }: { readonly never: boolean },
): readonly Act[] {
  const forgotten = chance.pick(5) === 0
  const ended = { type: 'till.ended', body: { ...here, reason: 'went home' } }
  if (never && chance.pick(8) === 0) return forgotten ? [ended] : []
  const closes = Array.from({ length: chance.pick(6) === 0 ? 2 : 1 }, () => {
    const countedMinor = minor(Math.max(0, drawerMinor + 100 * (chance.pick(5) - 2)))
    const stays = minor(Math.min(countedMinor, 20_000))
    const body = {
      ...here,
      currency,
      countedMinor,
      ...someTimes(chance, countedMinor),
      expectedMinor: minor(drawerMinor),
      varianceMinor: minor(countedMinor - drawerMinor),
      left: [{ currency, minor: stays }],
    }
    return { type: 'till.closed', body }
  })
  return [...(forgotten ? [ended] : []), ...closes]
}

/** What an act leaves in the drawer. */
export function leftOf(body: unknown): number {
  const { left = [] } = body as { readonly left?: readonly { readonly minor: number }[] }
  return left[0]?.minor ?? 0
}

/** The variance that a close says. */
export function varianceOf(body: unknown): number {
  return (body as { readonly varianceMinor: number }).varianceMinor
}
