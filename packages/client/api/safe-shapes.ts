import { matchedMax, statementLinesMax } from '@tillkeeper/facts/catalogue/bank-statement.ts'
import {
  AmountMinor,
  Cash,
  CountMinor,
  CurrencyCode,
  currenciesMax,
  Day,
  Instant,
  Pieces,
  Strict,
  Text,
  Uuid,
} from '@tillkeeper/facts/catalogue/parts.ts'
import Type, { type Static } from 'typebox'

// The safe, deposit bags, change orders, staff funds and the bank's statement.

const act = { id: Type.Optional(Uuid<string>()), occurredAt: Type.Optional(Instant) }
const note = Type.Optional(Text(200))
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Person = { staffId: Uuid<string>(), staffName: Type.String() }
/** Cash as it is shown: a fund that was overdrawn is below zero. */
const Held = Type.Array(
  Type.Object({
    currency: CurrencyCode,
    minor: Type.Integer(),
    pieces: Type.Optional(
      Type.Array(Type.Object({ faceMinor: Type.Integer(), pieces: Type.Integer() })),
    ),
  }),
)
const Credited = Type.Array(Strict({ currency: CurrencyCode, minor: CountMinor }), {
  maxItems: currenciesMax,
})

// ---- requests

export const AskBag = Strict({ ...act, number: Text(40, 1), cash: Cash, note })
export const AskBagNote = Strict({ ...act, note })
export const AskCollection = Strict({
  ...act,
  /** Who takes it. */
  carrier: Text(100, 1),
  reference: Type.Optional(Text(100)),
  note,
})
export const AskReason = Strict({ ...act, reason: Text(200, 1) })
export const AskDeposit = Strict({
  ...act,
  bankedOn: Day,
  reference: Text(100),
  /** What the bank counted. A currency that is left out was credited as sealed. */
  credited: Credited,
  note,
})
export const AskSafeCount = Strict({ ...act, counted: Cash, note })
export const AskChangeOrder = Strict({ ...act, cash: Cash, neededOn: Type.Optional(Day), note })
export const AskChangeReceipt = Strict({
  ...act,
  cash: Cash,
  reference: Type.Optional(Text(100)),
  note,
})
/** The session of the drawer that takes part; left out: the safe. */
const ofDrawer = { sessionId: Type.Optional(Uuid<string>()) }
export const AskFundIssue = Strict({ ...act, ...ofDrawer, cash: Cash, note })
export const AskFundReturn = Strict({
  ...act,
  ...ofDrawer,
  cash: Cash,
  /** This is all of it: what is missing then is booked as short. */
  settle: Type.Boolean(),
  note,
})
export const AskStatement = Strict({
  ...act,
  account: Text(40),
  currency: CurrencyCode,
  fileName: Text(100),
  /** In the order of the file; of equal lines each counts. */
  lines: Type.Array(
    Strict({
      bookedOn: Day,
      amountMinor: AmountMinor,
      reference: Text(100),
      description: Text(200),
    }),
    { minItems: 1, maxItems: statementLinesMax },
  ),
})
export const AskMatch = Strict({
  ...act,
  bags: Type.Array(Uuid<string>(), { maxItems: matchedMax }),
  orders: Type.Array(Uuid<string>(), { maxItems: matchedMax }),
})

// ---- replies

/** What was written, by its id. */
export const SafeDone = Type.Object({ id: Uuid<string>() })
export const StatementDone = Type.Object({
  id: Uuid<string>(),
  /** Lines that were not there before. */
  added: Type.Integer(),
  known: Type.Integer(),
})

export const SafeBalance = Type.Object({
  shopId: Uuid<string>(),
  currency: CurrencyCode,
  balanceMinor: Type.Integer(),
  /** It was counted once: from then on the balance means something. */
  known: Type.Boolean(),
  countedAt: Nullable(Instant),
  /** All of its pieces, where every movement since was counted by pieces. */
  pieces: Nullable(Pieces),
})
export const SafeMovement = Type.Object({
  ...Person,
  id: Type.String(),
  factId: Uuid<string>(),
  shopId: Uuid<string>(),
  type: Type.String(),
  from: Type.String(),
  to: Type.String(),
  currency: CurrencyCode,
  amountMinor: Type.Integer(),
  note: Type.String(),
  businessDate: Day,
  occurredAt: Instant,
})
export const SafeCountView = Type.Object({
  ...Person,
  id: Uuid<string>(),
  shopId: Uuid<string>(),
  counted: Type.Array(
    Type.Object({
      currency: CurrencyCode,
      countedMinor: Type.Integer(),
      pieces: Type.Optional(Pieces),
      expectedMinor: Type.Integer(),
      varianceMinor: Type.Integer(),
      first: Type.Boolean(),
    }),
  ),
  note: Type.String(),
  countedAt: Instant,
})

const BagState = Type.Union([
  Type.Literal('sealed'),
  Type.Literal('verified'),
  Type.Literal('collected'),
  Type.Literal('opened'),
  Type.Literal('deposited'),
])
export const BagView = Type.Object({
  id: Uuid<string>(),
  shopId: Uuid<string>(),
  number: Type.String(),
  state: BagState,
  sealedBy: Uuid<string>(),
  sealedByName: Type.String(),
  cash: Held,
  note: Type.String(),
  businessDate: Day,
  sealedAt: Instant,
  steps: Type.Array(
    Type.Object({
      ...Person,
      id: Uuid<string>(),
      step: BagState,
      carrier: Nullable(Type.String()),
      reference: Nullable(Type.String()),
      bankedOn: Nullable(Day),
      credited: Nullable(
        Type.Array(Type.Object({ currency: CurrencyCode, minor: Type.Integer() })),
      ),
      note: Type.String(),
      occurredAt: Instant,
    }),
  ),
  /** Currencies of which a line of the bank says what it credited. */
  matched: Type.Array(CurrencyCode),
})
export const ChangeOrderView = Type.Object({
  ...Person,
  id: Uuid<string>(),
  shopId: Uuid<string>(),
  state: Type.Union([Type.Literal('ordered'), Type.Literal('received'), Type.Literal('cancelled')]),
  cash: Held,
  neededOn: Nullable(Day),
  note: Type.String(),
  businessDate: Day,
  orderedAt: Instant,
  steps: Type.Array(
    Type.Object({
      ...Person,
      id: Uuid<string>(),
      step: Type.String(),
      cash: Nullable(Held),
      reference: Nullable(Type.String()),
      note: Type.String(),
      occurredAt: Instant,
    }),
  ),
  matched: Type.Array(CurrencyCode),
})
/** What to order from the bank, by what was used. */
export const ChangeSuggestion = Type.Object({
  /** The first day that was looked at. */
  from: Day,
  items: Type.Array(
    Type.Object({
      currency: CurrencyCode,
      /** Whether all pieces in the safe are known. */
      known: Type.Boolean(),
      /** What went out of the safe by amount alone: it is in no face. */
      unsaidMinor: Type.Integer(),
      /** Every face that was used up, high to low. */
      faces: Type.Array(
        Type.Object({
          faceMinor: Type.Integer(),
          /** Pieces that each week used, the oldest first. */
          weeks: Type.Array(Type.Integer()),
          /** What the busiest of them used. */
          neededPieces: Type.Integer(),
          heldPieces: Type.Integer(),
          orderedPieces: Type.Integer(),
          /** Coins come in whole rolls. */
          rollPieces: Nullable(Type.Integer()),
          /** What to order; 0 where enough is there or on its way. */
          pieces: Type.Integer(),
        }),
      ),
    }),
  ),
})
export const FundView = Type.Object({
  ...Person,
  shopId: Uuid<string>(),
  cash: Held,
  lastAt: Instant,
})
export const FundEventView = Type.Object({
  id: Uuid<string>(),
  kind: Type.Union([Type.Literal('issued'), Type.Literal('returned')]),
  byStaffId: Uuid<string>(),
  byStaffName: Type.String(),
  cash: Held,
  settled: Nullable(
    Type.Array(Type.Object({ currency: CurrencyCode, varianceMinor: Type.Integer() })),
  ),
  /** The till whose drawer took part; null where the safe did. */
  tillNumber: Nullable(Type.Integer()),
  /** What the person held after it. */
  balance: Held,
  note: Type.String(),
  businessDate: Day,
  occurredAt: Instant,
})
export const StatementLineView = Type.Object({
  id: Uuid<string>(),
  shopId: Uuid<string>(),
  account: Type.String(),
  currency: CurrencyCode,
  bookedOn: Day,
  amountMinor: Type.Integer(),
  reference: Type.String(),
  description: Type.String(),
  match: Nullable(
    Type.Object({
      ...Person,
      id: Uuid<string>(),
      bookedMinor: Type.Integer(),
      bags: Type.Array(Uuid<string>()),
      orders: Type.Array(Uuid<string>()),
      matchedAt: Instant,
    }),
  ),
  /** It is no deposit and no change order, as somebody said. */
  aside: Nullable(
    Type.Object({ ...Person, id: Uuid<string>(), reason: Type.String(), setAt: Instant }),
  ),
  /** What was said of it and taken back, oldest first. */
  undone: Type.Array(
    Type.Object({
      ...Person,
      id: Uuid<string>(),
      kind: Type.Union([Type.Literal('match'), Type.Literal('aside')]),
      reason: Type.String(),
      undoneAt: Instant,
    }),
  ),
})
/** What a line may be, the surest first. Nothing is booked before a person accepts one. */
export const MatchProposal = Type.Object({
  lineId: Uuid<string>(),
  items: Type.Array(
    Type.Object({
      kind: Type.Union([Type.Literal('bag'), Type.Literal('order')]),
      id: Uuid<string>(),
    }),
  ),
  reasons: Type.Array(
    Type.Union([
      Type.Literal('bag_number'),
      Type.Literal('reference'),
      Type.Literal('amount'),
      Type.Literal('sum'),
      Type.Literal('near_amount'),
      Type.Literal('same_day'),
      Type.Literal('days'),
    ]),
  ),
  score: Type.Integer(),
  differenceMinor: Type.Integer(),
})
/** Lines and what they may be with. */
export const BankMatch = Type.Object({
  lines: Type.Array(StatementLineView),
  bags: Type.Array(BagView),
  orders: Type.Array(ChangeOrderView),
  proposals: Type.Array(MatchProposal),
})

export type SafeBalance = Static<typeof SafeBalance>
export type SafeMovement = Static<typeof SafeMovement>
export type SafeCountView = Static<typeof SafeCountView>
export type BagView = Static<typeof BagView>
export type ChangeOrderView = Static<typeof ChangeOrderView>
export type ChangeSuggestion = Static<typeof ChangeSuggestion>
export type FundView = Static<typeof FundView>
export type FundEventView = Static<typeof FundEventView>
export type StatementLineView = Static<typeof StatementLineView>
export type MatchProposal = Static<typeof MatchProposal>
export type BankMatch = Static<typeof BankMatch>
export type StatementDone = Static<typeof StatementDone>
