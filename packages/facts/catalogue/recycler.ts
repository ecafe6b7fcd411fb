import type { SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import Type from 'typebox'
import type { Fact } from '../seal/seal.ts'
import {
  CashAmount,
  CurrencyCode,
  denominationsMax,
  Pieces,
  PositiveMinor,
  piecesMax,
  type ReadonlyStatic,
  Strict,
  Text,
  Uuid,
} from './parts.ts'

// What is asked of a cash recycler, and what became of it. The intent is journalled before the machine hears of
// it; its end says by piece what moved. A machine itself is the register `recycler.changed`.

/** Places of a machine: each unit of each face of each currency that it can hold. */
const stockMax = 200
const text = (max: number) => Type.Optional(Text(max))

const Unit = Type.Union([Type.Literal('recycling'), Type.Literal('cash_box')])
const Count = Type.Integer({ minimum: 0, maximum: piecesMax })

const StockLine = Strict({
  unit: Unit,
  currency: CurrencyCode,
  faceMinor: PositiveMinor,
  pieces: Count,
  level: Type.Union([
    Type.Literal('empty'),
    Type.Literal('near_empty'),
    Type.Literal('normal'),
    Type.Literal('near_full'),
    Type.Literal('full'),
    Type.Literal('absent'),
    Type.Literal('unknown'),
  ]),
  maxPieces: Type.Optional(Count),
})
/** What a machine says that it holds. */
export const RecyclerStock = Type.Array(StockLine, { maxItems: stockMax })

/** What a machine is asked to do with money: see the contract of drivers. */
export const RecyclerWork = Type.Union([
  Strict({ kind: Type.Literal('pay_in'), amountMinor: PositiveMinor }),
  Strict({
    kind: Type.Literal('pay_out'),
    amountMinor: PositiveMinor,
    pieces: Type.Optional(Pieces),
  }),
  Strict({ kind: Type.Literal('deposit') }),
  Strict({
    kind: Type.Literal('replenish'),
    from: Type.Union([Type.Literal('entrance'), Type.Literal('cassette')]),
  }),
  Strict({
    kind: Type.Literal('collect'),
    to: Type.Union([Type.Literal('cash_box'), Type.Literal('exit')]),
    pieces: Pieces,
  }),
])

const machine = {
  shopId: Uuid<ShopId>(),
  recyclerId: Uuid<string>(),
  staffId: Uuid<StaffId>(),
}
const attempt = {
  ...machine,
  attemptId: Uuid<string>(),
  /** Where a till asked for it. */
  tillId: Type.Optional(Uuid<TillId>()),
  sessionId: Type.Optional(Uuid<SessionId>()),
  currency: CurrencyCode,
  work: RecyclerWork,
}

/** The intent, before the machine hears of it. */
export const RecyclerStartedBody = Strict({
  ...attempt,
  /** Names the attempt on the wire: a counter of the shop that never gives a number twice. */
  seqNo: Text(20, 1),
  before: RecyclerStock,
  /** What it is for, where that was known by then. */
  links: Type.Optional(
    Strict({
      saleId: Type.Optional(Uuid<string>()),
      refundId: Type.Optional(Uuid<string>()),
      expenseId: Type.Optional(Uuid<string>()),
      /** A pay-out, a top-up of a drawer, cash paid in. */
      movementId: Type.Optional(Uuid<string>()),
      /** The attempt whose money is given again: an exchange, or a payment that no act came of. */
      forAttemptId: Type.Optional(Uuid<string>()),
    }),
  ),
})

/** How an attempt ended, as far as anybody can know. It says all that it books: its intent may come later. */
export const RecyclerSettledBody = Strict({
  ...attempt,
  /** Of `unresolved` nothing is booked: a person says what it was. */
  ending: Type.Union([Type.Literal('done'), Type.Literal('not_done'), Type.Literal('unresolved')]),
  in: CashAmount,
  out: CashAmount,
  /** Whether `in` and `out` are what moved, or only what somebody said. */
  certain: Type.Boolean(),
  because: Type.Union([Type.Literal('reply'), Type.Literal('stock'), Type.Literal('nothing')]),
  /** The maker's own. */
  code: text(100),
  /** What the machine held afterwards, where it could be read. */
  after: Type.Optional(RecyclerStock),
  /** What the machine put from its stock into its cash box by itself. */
  boxed: Type.Optional(CashAmount),
})

/** A machine holds other cash than its acts come to. Nothing is booked until somebody counted. */
export const RecyclerDifferedBody = Strict({
  ...machine,
  /** Who asked for the attempt. */
  staffId: Type.Optional(Uuid<StaffId>()),
  /** Both left out where the machine was at rest. */
  attemptId: Type.Optional(Uuid<string>()),
  differences: Type.Array(
    Strict({
      unit: Unit,
      currency: CurrencyCode,
      faceMinor: PositiveMinor,
      expected: Type.Integer({ minimum: -piecesMax, maximum: piecesMax }),
      reported: Count,
    }),
    { minItems: 1, maxItems: stockMax },
  ),
})

/** Of one part of a machine, by how much a count is over or short of what was booked. */
const Variance = Strict({
  unit: Unit,
  cash: CashAmount,
  way: Type.Union([Type.Literal('over'), Type.Literal('short')]),
})

/** A person looked: at an attempt whose end nobody knew, or at what the machine holds, or at both. */
export const RecyclerResolvedBody = Strict({
  ...machine,
  attempt: Type.Optional(
    Strict({
      attemptId: Uuid<string>(),
      work: RecyclerWork,
      /** What its end is taken to be, and what moved by that. */
      ending: Type.Union([Type.Literal('done'), Type.Literal('not_done')]),
      in: CashAmount,
      out: CashAmount,
    }),
  ),
  /** The machine's verified count of all that it holds. */
  counted: Type.Optional(RecyclerStock),
  /** What the count differs by, after the attempt is booked. */
  variances: Type.Array(Variance, { maxItems: denominationsMax }),
  /** It was never counted before: what was found was always there, and is no surplus. */
  first: Type.Optional(Type.Literal(true)),
  reason: Text(200, 1),
})

/** What lay in a machine's cash box was taken out by a person with a key, counted, and put into the safe. */
export const RecyclerEmptiedBody = Strict({
  ...machine,
  cash: Type.Array(CashAmount, { minItems: 1, maxItems: 12 }),
  /** Of the faces that were taken, by how much the cash box held more or less than was booked. */
  variances: Type.Optional(Type.Array(Variance, { maxItems: denominationsMax })),
  /** The machine was never counted: what was found was always there, and is no surplus. */
  first: Type.Optional(Type.Literal(true)),
  note: text(200),
})

/** How a machine is and what it holds, for whoever is not near it. Sealed on the lane `telemetry`. */
export const RecyclerToldBody = Strict({
  shopId: Uuid<ShopId>(),
  recyclerId: Uuid<string>(),
  condition: Type.Optional(
    Strict({
      is: Type.Union([
        Type.Literal('ready'),
        Type.Literal('busy'),
        Type.Literal('fault'),
        Type.Literal('offline'),
      ]),
      fault: Type.Optional(
        Strict({
          kind: Type.Union([
            Type.Literal('jam'),
            Type.Literal('door'),
            Type.Literal('cassette'),
            Type.Literal('verify'),
            Type.Literal('full'),
            Type.Literal('empty'),
            Type.Literal('power'),
            Type.Literal('device'),
          ]),
          code: Text(100),
          text: Text(400),
          help: text(400),
        }),
      ),
    }),
  ),
  stock: Type.Optional(RecyclerStock),
})

export type RecyclerStock = ReadonlyStatic<typeof RecyclerStock>
export type RecyclerWork = ReadonlyStatic<typeof RecyclerWork>
export type RecyclerStartedBody = ReadonlyStatic<typeof RecyclerStartedBody>
export type RecyclerSettledBody = ReadonlyStatic<typeof RecyclerSettledBody>
export type RecyclerDifferedBody = ReadonlyStatic<typeof RecyclerDifferedBody>
export type RecyclerResolvedBody = ReadonlyStatic<typeof RecyclerResolvedBody>
export type RecyclerEmptiedBody = ReadonlyStatic<typeof RecyclerEmptiedBody>
export type RecyclerToldBody = ReadonlyStatic<typeof RecyclerToldBody>

export type RecyclerFact =
  | Fact<'recycler.started', RecyclerStartedBody>
  | Fact<'recycler.settled', RecyclerSettledBody>
  | Fact<'recycler.differed', RecyclerDifferedBody>
  | Fact<'recycler.resolved', RecyclerResolvedBody>
  | Fact<'recycler.emptied', RecyclerEmptiedBody>
  | Fact<'recycler.told', RecyclerToldBody>
