import type { ShopId } from '../base/id.ts'
import type { Currency, Minor } from '../money/money.ts'
import type { VarianceClass } from './variance-class.ts'

/** Why a day cannot end. */
export type BlockKind =
  | 'session_open'
  | 'variance_unexplained'
  | 'session_unverified'
  | 'till_unsynced'
  | 'drop_unconfirmed'
  | 'drift'
  | 'advance_open'
  | 'transfer_open'
  | 'facts_parked'

/** One thing that would keep the day from ending if it ended now. */
export type Block = {
  readonly kind: BlockKind
  readonly shopId: ShopId
  /** What it is about: a session, a movement, a place, an author; empty for all of a shop. */
  readonly about: string
  /** As people say it: a till's number, a person. */
  readonly label: string
  readonly amountMinor: Minor | null
  readonly currency: Currency | null
  readonly count: number
}

export type EveningNow = {
  readonly sessions: readonly {
    readonly id: string
    readonly shopId: ShopId
    readonly tillNumber: number
    readonly staffName: string
    readonly closedAt: string | null
    readonly verifiedAt: string | null
    readonly counts: readonly {
      readonly currency: Currency
      readonly varianceMinor: Minor
      readonly class: VarianceClass
      readonly explained: boolean
    }[]
  }[]
  readonly movements: readonly {
    readonly id: string
    readonly shopId: ShopId
    readonly type: string
    readonly staffName: string
    readonly amountMinor: Minor
    readonly currency: Currency
    readonly confirmed: boolean
  }[]
  /** Tills that hold facts which are not here. */
  readonly tills: readonly {
    readonly author: string
    readonly shopId: ShopId
    readonly number: number
    readonly unsent: number
  }[]
  /** Places that should be empty by night: advances, and what is on its way. */
  readonly places: readonly {
    readonly location: string
    readonly kind: string
    readonly shopId: ShopId | null
    readonly currency: Currency
    readonly balanceMinor: Minor
  }[]
  readonly matters: readonly {
    readonly kind: 'drift' | 'facts_parked'
    readonly shopId: ShopId
    readonly about: string
    readonly count: number
  }[]
}

/**
 * The dry run of a day's end: all that would block it now, in the order in which people go through it. Empty: it can
 * end. Asked all day, it says at noon what would be in the way at night.
 */
export function listBlocks(now: EveningNow): readonly Block[] {
  return [
    ...now.tills.flatMap(blockOfTill),
    ...now.sessions.flatMap(blocksOfSession),
    ...now.movements.flatMap(blockOfMovement),
    ...now.places.flatMap(blockOfPlace),
    ...now.matters.map((matter) => ({ ...matter, label: '', ...noAmount })),
  ]
}

const noAmount = { amountMinor: null, currency: null }

function blockOfTill({ author, shopId, number, unsent }: EveningNow['tills'][number]): Block[] {
  if (unsent === 0) return []
  const label = String(number)
  return [{ kind: 'till_unsynced', shopId, about: author, label, ...noAmount, count: unsent }]
}

function blocksOfSession(session: EveningNow['sessions'][number]): Block[] {
  const { id, shopId, tillNumber, staffName } = session
  const about = { shopId, about: id, label: `${tillNumber} · ${staffName}`, count: 1 }
  if (session.closedAt === null) return [{ kind: 'session_open', ...about, ...noAmount }]
  if (session.verifiedAt !== null) return []
  const asking = session.counts.filter(
    (count) => !count.explained && (count.class === 'explain' || count.class === 'investigate'),
  )
  if (asking.length === 0) return [{ kind: 'session_unverified', ...about, ...noAmount }]
  return asking.map(({ varianceMinor: amountMinor, currency }) => ({
    kind: 'variance_unexplained' as const,
    ...about,
    amountMinor,
    currency,
  }))
}

function blockOfMovement(movement: EveningNow['movements'][number]): Block[] {
  if (movement.type !== 'drop' || movement.confirmed) return []
  const { id: about, shopId, staffName: label, amountMinor, currency } = movement
  return [{ kind: 'drop_unconfirmed', shopId, about, label, amountMinor, currency, count: 1 }]
}

function blockOfPlace(place: EveningNow['places'][number]): Block[] {
  const { location: about, kind, shopId, currency, balanceMinor: amountMinor } = place
  if (shopId === null || amountMinor === 0) return []
  if (kind !== 'advance' && kind !== 'transit') return []
  const open = kind === 'advance' ? 'advance_open' : 'transfer_open'
  return [{ kind: open, shopId, about, label: '', amountMinor, currency, count: 1 }]
}
