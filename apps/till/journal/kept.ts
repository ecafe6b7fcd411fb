import type { OrgId, SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { DrawerStock } from '@tillkeeper/core/hint/drawer-stock.ts'
import type { CashAmount } from '@tillkeeper/core/money/cash-amount.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Minor } from '@tillkeeper/core/money/money.ts'
import type { CountedCash } from '@tillkeeper/core/till/counted-cash.ts'
import type { SessionTotals } from '@tillkeeper/core/till/session-totals.ts'
import type { TillSession } from '@tillkeeper/core/till/till-session.ts'
import type { Hlc } from '@tillkeeper/facts/seal/hlc.ts'
import type { RollingToken } from '@tillkeeper/sync/message/messages.ts'
import type { DeviceKey } from '../device/device-key.ts'
import type { KnownExpense } from '../expense/known-expense.ts'
import type { MachineEntry } from '../machine/live-machines.ts'
import type { MachineRecord } from '../machine/machine-record.ts'
import type { Cart, HeldCart } from '../sale/cart.ts'
import { type TillDb, writeStrictly } from './database.ts'

/** What makes a browser profile a till: granted by the store server at enrolment. */
export type Device = {
  readonly org: OrgId
  readonly shopId: ShopId
  readonly tillId: TillId
  /** The till as an author, such as `t-<till id>`. */
  readonly author: string
  /** The epoch that is sealed in; see epoch.ts. */
  readonly epoch: string
  readonly token: string
  readonly enrolledAt: Instant
}

/** An open session with its running totals: what a close is decided on. */
export type OpenSession = TillSession & {
  readonly id: SessionId
  readonly staffId: StaffId
  readonly openedAt: Instant
  readonly businessDate: Day
  readonly floatPieces?: Pieces | undefined
  /** What is supposed to be in the drawer by piece: for hints alone. Left out until all of it was counted. */
  readonly stock?: DrawerStock | undefined
  /** What the drawer had more or less, when it was opened, than was left in it. */
  readonly openingVarianceMinor?: Minor | undefined
  /** How often it was counted and asked for once more. */
  readonly recounts?: number | undefined
  readonly totals: SessionTotals
  /** Another till had it, or another browser: its totals are as the store server told them, with all before. */
  readonly told?: true | undefined
  /** Acts of the store server that are in the totals: see fold-told.ts. */
  readonly heard?: readonly string[] | undefined
}

/** A session that ended, for its result and its report. */
export type ClosedSession = OpenSession & {
  readonly close: {
    readonly id: string
    readonly staffId: StaffId
    readonly countedMinor: Minor
    readonly expectedMinor: Minor
    readonly varianceMinor: Minor
    readonly pieces?: Pieces | undefined
    /** The drawer's other currencies. */
    readonly others?: readonly CountedCash[] | undefined
    /** What stayed in the drawer: the next float. */
    readonly left?: readonly CashAmount[] | undefined
    readonly recounts?: number | undefined
    readonly note: string
    readonly closedAt: Instant
  }
}

/** What the till's own facts came to. Written in the transaction of the fact that changes it. */
export type Book = {
  readonly session?: OpenSession | undefined
  /**
   * Sessions of this till that rest, or were ended and wait for their count: each still has its drawer. The oldest
   * falls out, see `waitingMax`; the store server has them all.
   */
  readonly waiting?: readonly OpenSession[] | undefined
  /** The last one that was closed here. */
  readonly lastClosed?: ClosedSession | undefined
  /** The close whose float a session began on: it is not in the drawer a second time. */
  readonly leftTaken?: string | undefined
  /** The last receipt counter of each day of business; old days fall out, see `countersMax`. */
  readonly counters: Readonly<Record<Day, number>>
  /** How often each product was sold here lately: what the favourites are. */
  readonly sold: Readonly<Record<string, number>>
  /** Expenses of the shop that are open or count today, as far as this till knows. */
  readonly expenses?: readonly KnownExpense[] | undefined
}

/** Single values of the store `kept`, by name. */
export type Kept = {
  readonly device: Device
  readonly clock: Hlc
  readonly book: Book
  readonly cart: Cart
  readonly held: readonly HeldCart[]
  /** Not extractable: verifiers made with it are of no use outside of this profile. */
  readonly unlockKey: CryptoKey
  /** Signs heads; see device-key.ts. Not there where the browser has no Ed25519. */
  readonly deviceKey: DeviceKey
  /** The same lies beside the database: see body.ts. */
  readonly bodyMark: string
  /** The pair of rolling tokens that was said last. */
  readonly token: RollingToken
  /** The id under which a new major epoch is being asked for, until it is granted. */
  readonly renewal: string
  /** Facts that this browser had, and nobody has any more. */
  readonly lost: readonly LostFacts[]
  /** Edits of settings that the store server made, as sealed, until a feed says them. */
  readonly edits: readonly string[]
  /** Photos that wait for a free line: they never stand before money. */
  readonly photos: readonly WaitingPhoto[]
  /** What cash machines were asked for and is not over: written before they hear of it. */
  readonly attempts: readonly MachineRecord[]
  /** The cash machines of the shop, as the store server last told them. */
  readonly machines: readonly MachineEntry[]
}

/** A photo that was taken, small enough to travel. */
export type WaitingPhoto = {
  readonly id: string
  /** Who took it. Left out of photos of an older app. */
  readonly staffId?: StaffId | undefined
  readonly mime: 'image/jpeg'
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Facts that were recorded here and are gone: said until somebody has noted it, and kept after that. */
export type LostFacts = {
  readonly stream: string
  /** The positions that are gone: after the first, up to and with the second. */
  readonly after: number
  readonly upTo: number
  readonly foundAt: Instant
  readonly notedAt?: Instant
}

export const emptyBook: Book = { counters: {}, sold: {} }

/** Sessions that wait at once: more drawers than anybody has beside a till. */
export const waitingMax = 20

/** Days whose counters are remembered: a clock that was wrong by less does not repeat a number. */
const countersMax = 60

/** The book after a receipt took the next number of its day. */
export function countReceipt(book: Book, day: Day, counter: number): Book {
  const counters = { ...book.counters, [day]: counter }
  const days = Object.keys(counters).sort().slice(-countersMax)
  return { ...book, counters: Object.fromEntries(days.map((each) => [each, counters[each] ?? 0])) }
}

/** Reads a single value; `undefined` where it was never written. */
export async function readKept<Name extends keyof Kept>(
  db: TillDb,
  name: Name,
): Promise<Kept[Name] | undefined> {
  // Only `writeKept` writes here, so what is found under a name has its type.
  return (await db.get('kept', name)) as Kept[Name] | undefined
}

export type KeptChange = { readonly [Name in keyof Kept]?: Kept[Name] }

/** Writes single values, as durably as a fact. */
export function writeKept(db: TillDb, kept: KeptChange): Promise<void> {
  return writeStrictly(db, ['kept'], (tx) =>
    Object.entries(kept).map(([name, value]) => tx.objectStore('kept').put(value, name)),
  )
}
