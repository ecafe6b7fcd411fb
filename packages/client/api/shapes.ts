import { linesMax, tendersMax } from '@tillkeeper/core/sale/complete-sale.ts'
import {
  AmountMinor,
  BasisPoints,
  CountMinor,
  CurrencyCode,
  Day,
  Instant,
  Pieces,
  PositiveMinor,
  Quantity,
  Strict,
  TenderMethod,
  Text,
  Uuid,
} from '@tillkeeper/facts/catalogue/parts.ts'
import {
  ForeignChange,
  SaleLine,
  SaleTender,
  TaxTotal,
} from '@tillkeeper/facts/catalogue/sale-completed.ts'
import { CashMovedBody, CashMovementKind } from '@tillkeeper/facts/catalogue/till-session.ts'
import Type, { type Static } from 'typebox'
import { CashRounding } from './rate-shapes.ts'

// What the public API takes and gives under /v1. Requests are strict: a field that we do not know is
// refused, not ignored. Replies may gain fields; they never lose or change one within /v1.

/** Chosen by the asker; asking twice does it once. May be left out if `Idempotency-Key` is sent. */
const OptionalId = Type.Optional(Uuid<string>())

// ---- requests

export const AskSale = Strict({
  id: OptionalId,
  sessionId: Uuid<string>(),
  /** When it happened, if not now: a POS that was cut off sends its sales later. Not in the future. */
  occurredAt: Type.Optional(Instant),
  currency: CurrencyCode,
  lines: Type.Array(
    Strict({
      productId: Uuid<string>(),
      quantity: Quantity,
      /** With tax, for one unit. Left out: the catalogue's. Another needs `sale.price`, or an approval of it. */
      unitPriceMinor: Type.Optional(CountMinor),
      discountMinor: Type.Optional(CountMinor),
    }),
    { minItems: 1, maxItems: linesMax },
  ),
  tenders: Type.Array(
    Strict({
      method: TenderMethod,
      /** What the customer hands over, in `currency`. Only cash, and what a machine kept, may be more than is due. */
      givenMinor: CountMinor,
      /** Of cash in another currency than the sale's, which needs a rate that holds. */
      currency: Type.Optional(CurrencyCode),
      /** The rate that the customer was shown: if another one holds, the sale is refused. */
      rateId: Type.Optional(Uuid<string>()),
      pieces: Type.Optional(Pieces),
      /** Of `machine`: the attempt of a cash recycler that took it. `givenMinor` is what it kept. */
      attemptId: OptionalId,
    }),
    { maxItems: tendersMax },
  ),
  /** Change that is wanted in a currency that was paid with. The rest of it is the sale's. */
  change: Type.Optional(
    Type.Array(
      Strict({ currency: CurrencyCode, minor: PositiveMinor, pieces: Type.Optional(Pieces) }),
      { maxItems: tendersMax },
    ),
  ),
  /** The notes and coins given back in the sale's currency; they add up to the change in it. */
  changePieces: Type.Optional(Pieces),
  /** If sent, the total that the asker showed its customer: a difference is refused. */
  expectedTotalMinor: Type.Optional(CountMinor),
  customerNumber: Type.Optional(Text(40, 1)),
  note: Type.Optional(Text(200)),
  /** Of `POST /v1/approvals` for `sale.price`, by how much the lines differ from the catalogue's prices. */
  approvalId: Type.Optional(Uuid<string>()),
})

export const AskRefund = Strict({
  id: OptionalId,
  sessionId: Uuid<string>(),
  occurredAt: Type.Optional(Instant),
  /** Left out: all that has not come back yet. */
  lines: Type.Optional(
    Type.Array(
      Strict({ lineNo: Type.Integer({ minimum: 1, maximum: linesMax }), quantity: Quantity }),
      { minItems: 1, maxItems: linesMax },
    ),
  ),
  /** How it is paid back; whole, by one method. */
  method: TenderMethod,
  /** Of `machine`: the attempt of a cash recycler that gave it. */
  attemptId: OptionalId,
  /** Of the cash in the sale's currency. */
  pieces: Type.Optional(Pieces),
  /** Cash in a currency that the sale was paid in, at the sale's rate; the rest is in the sale's. */
  foreign: Type.Optional(
    Strict({ currency: CurrencyCode, minor: PositiveMinor, pieces: Type.Optional(Pieces) }),
  ),
  reason: Text(200, 1),
  /** Of `POST /v1/approvals` for `sale.refund`, where the total is above what one may give back alone. */
  approvalId: Type.Optional(Uuid<string>()),
})

/** A refund without the sale's receipt. Needs the permission `sale.refund_unlinked`, or an approval of it. */
export const AskUnlinkedRefund = Strict({
  id: OptionalId,
  sessionId: Uuid<string>(),
  occurredAt: Type.Optional(Instant),
  currency: CurrencyCode,
  lines: Type.Array(
    Strict({ productId: Uuid<string>(), quantity: Quantity, unitPriceMinor: CountMinor }),
    { minItems: 1, maxItems: linesMax },
  ),
  method: TenderMethod,
  attemptId: OptionalId,
  pieces: Type.Optional(Pieces),
  reason: Text(200, 1),
  /** Of `POST /v1/approvals` for `sale.refund_unlinked` and the total. */
  approvalId: Type.Optional(Uuid<string>()),
})

export const AskCashMovement = Strict({
  id: OptionalId,
  occurredAt: Type.Optional(Instant),
  kind: CashMovementKind,
  /** Left out: the session's. */
  currency: Type.Optional(CurrencyCode),
  amountMinor: PositiveMinor,
  pieces: Type.Optional(Pieces),
  category: Type.Optional(Text(40, 1)),
  recipient: Type.Optional(Text(100, 1)),
  note: Type.Optional(Text(200)),
  attachmentId: Type.Optional(Uuid<string>()),
  /** The attempt of a cash recycler that took or gave the money: a pay-in, a pay-out, a top-up. */
  attemptId: OptionalId,
  links: CashMovedBody.properties.links,
  /** Of `POST /v1/approvals`, where the amount is above what one may pay out alone. */
  approvalId: Type.Optional(Uuid<string>()),
})

// ---- replies

export const RefundView = Type.Object({
  id: Uuid<string>(),
  /** The whole sale was taken back on its day: a void. */
  voids: Type.Boolean(),
  saleId: Type.Union([Uuid<string>(), Type.Null()]),
  shopId: Uuid<string>(),
  tillId: Uuid<string>(),
  sessionId: Uuid<string>(),
  staffId: Uuid<string>(),
  staffName: Type.String(),
  receiptNumber: Type.String(),
  currency: CurrencyCode,
  lines: Type.Array(
    Type.Object({
      lineNo: Type.Integer(),
      productId: Uuid<string>(),
      code: Type.String(),
      name: Type.String(),
      quantity: Type.Integer(),
      totalMinor: AmountMinor,
      vatBasisPoints: BasisPoints,
    }),
  ),
  taxes: Type.Array(TaxTotal),
  totalMinor: AmountMinor,
  taxMinor: AmountMinor,
  tenders: Type.Array(SaleTender),
  /** What was paid back more than the total, or less, because cash is rounded. */
  roundingMinor: AmountMinor,
  reason: Type.String(),
  businessDate: Day,
  occurredAt: Instant,
})

export const Sale = Type.Object({
  id: Uuid<string>(),
  shopId: Uuid<string>(),
  tillId: Uuid<string>(),
  sessionId: Uuid<string>(),
  staffId: Uuid<string>(),
  staffName: Type.String(),
  receiptNumber: Type.String(),
  currency: CurrencyCode,
  lines: Type.Array(SaleLine),
  taxes: Type.Array(TaxTotal),
  totalMinor: AmountMinor,
  taxMinor: AmountMinor,
  tenders: Type.Array(SaleTender),
  /** What all of the change is worth: given − change − rounding = total. */
  changeMinor: AmountMinor,
  /** The part of the change in other currencies. */
  change: Type.Union([Type.Array(ForeignChange), Type.Null()]),
  /** The notes and coins of the change in the sale's currency. */
  changePieces: Type.Union([Pieces, Type.Null()]),
  /** What was paid more than the total, or less, because cash is rounded. */
  roundingMinor: AmountMinor,
  customerNumber: Type.Union([Type.String(), Type.Null()]),
  note: Type.String(),
  /** What came back so far. */
  refundedMinor: AmountMinor,
  refunds: Type.Array(RefundView),
  businessDate: Day,
  occurredAt: Instant,
  recordedAt: Instant,
})

/** A row of a list: a sale, or a refund with its amounts below zero. */
export const SaleRow = Type.Object({
  id: Uuid<string>(),
  kind: Type.Union([Type.Literal('sale'), Type.Literal('refund')]),
  shopId: Uuid<string>(),
  tillId: Uuid<string>(),
  sessionId: Uuid<string>(),
  staffId: Uuid<string>(),
  staffName: Type.String(),
  receiptNumber: Type.String(),
  currency: CurrencyCode,
  totalMinor: AmountMinor,
  lineCount: Type.Integer(),
  /** The methods that paid, such as `cash`. */
  methods: Type.Array(TenderMethod),
  tenders: Type.Array(SaleTender),
  changePieces: Type.Union([Pieces, Type.Null()]),
  businessDate: Day,
  occurredAt: Instant,
})

export const Product = Type.Object({
  id: Uuid<string>(),
  code: Type.String(),
  name: Type.String(),
  category: Type.String(),
  currency: CurrencyCode,
  priceMinor: CountMinor,
  vatBasisPoints: BasisPoints,
  barcodes: Type.Array(Type.String()),
  active: Type.Boolean(),
})

export const Shop = Type.Object({
  id: Uuid<string>(),
  code: Type.String(),
  name: Type.String(),
  address: Type.String(),
  taxNumber: Type.String(),
  timeZone: Type.String(),
  currency: CurrencyCode,
  receiptFooter: Type.String(),
  /** How cash is rounded; null where it is not. */
  cashRounding: Type.Union([CashRounding, Type.Null()]),
  active: Type.Boolean(),
  /** What a drawer may hold; 0 is no limit. The amounts are in the shop's currency. */
  drawerLimitMinor: CountMinor,
  toleranceMinor: CountMinor,
  investigateMinor: CountMinor,
  blindClose: Type.Boolean(),
  floatMinor: CountMinor,
  /** For expenses a day over all categories; 0 is no limit. */
  expenseDayMinor: CountMinor,
})

export const Till = Type.Object({
  id: Uuid<string>(),
  shopId: Uuid<string>(),
  number: Type.Integer(),
  name: Type.String(),
  active: Type.Boolean(),
})

export const Employee = Type.Object({
  id: Uuid<string>(),
  name: Type.String(),
  number: Type.String(),
  roles: Type.Array(Type.String()),
  permissions: Type.Array(Type.String()),
  shops: Type.Array(Uuid<string>()),
  language: Type.String(),
  active: Type.Boolean(),
})

/** A shop's figures of one day; the office's Today reads one for each shop. */
export const DaySummary = Type.Object({
  shopId: Uuid<string>(),
  businessDate: Day,
  currency: CurrencyCode,
  sales: Type.Integer(),
  salesMinor: AmountMinor,
  refunds: Type.Integer(),
  refundsMinor: AmountMinor,
  taxMinor: AmountMinor,
  cashMinor: AmountMinor,
  payInMinor: AmountMinor,
  payOutMinor: AmountMinor,
  closes: Type.Integer(),
  varianceMinor: AmountMinor,
  staff: Type.Array(
    Type.Object({
      staffId: Uuid<string>(),
      staffName: Type.String(),
      sales: Type.Integer(),
      salesMinor: AmountMinor,
      refunds: Type.Integer(),
      refundsMinor: AmountMinor,
      payOutMinor: AmountMinor,
      varianceMinor: AmountMinor,
    }),
  ),
  hours: Type.Array(
    Type.Object({
      hourAt: Instant,
      sales: Type.Integer(),
      salesMinor: AmountMinor,
      refundsMinor: AmountMinor,
    }),
  ),
})

/** Everything the office's Today shows, in one answer: each shop, its cash, its open tills. */
export const Today = Type.Object({
  businessDate: Day,
  /** Where the live feed stood when this was read: resume after it and nothing is missed. */
  liveSeq: Type.Integer(),
  shops: Type.Array(
    Type.Object({
      shop: Shop,
      day: DaySummary,
      /** The same weekday a week before, whole. */
      lastWeek: Type.Object({
        sales: Type.Integer(),
        salesMinor: AmountMinor,
        refundsMinor: AmountMinor,
      }),
      /** Cash in its drawers and its safe, in the shop's currency. */
      cashInShopMinor: AmountMinor,
      openTills: Type.Integer(),
      exceptions: Type.Integer(),
      /** When this server last learned of anything from it; null if never. */
      lastSeenAt: Type.Union([Instant, Type.Null()]),
    }),
  ),
})

export const LiveEvent = Type.Object({
  liveSeq: Type.Integer(),
  type: Type.String(),
  factId: Uuid<string>(),
  shopId: Type.Union([Uuid<string>(), Type.Null()]),
  recordedAt: Instant,
  /** `receiptNumber`, `totalMinor`, `currency`, `staffId`, `staffName`, `varianceMinor` … by type. */
  summary: Type.Record(Type.String(), Type.Unknown()),
})

/** How far a server's first load is: chunks and facts of the snapshot, and those that are in the journal. */
export const BootstrapProgress = Type.Object({
  phase: Type.Union([
    Type.Literal('asking'),
    Type.Literal('fetching'),
    Type.Literal('verifying'),
    Type.Literal('loading'),
    Type.Literal('projecting'),
  ]),
  chunks: Type.Integer(),
  chunksDone: Type.Integer(),
  facts: Type.Integer(),
  factsDone: Type.Integer(),
})

export const SyncStatus = Type.Object({
  /** This server's own view: is the link to its parent up? Always true in the cloud. */
  linkUp: Type.Boolean(),
  lastContactAt: Type.Union([Instant, Type.Null()]),
  /** Facts held here that the cloud does not have yet. */
  unacknowledged: Type.Integer(),
  oldestUnacknowledgedAt: Type.Union([Instant, Type.Null()]),
  parked: Type.Integer(),
  /** A server's first load, while it runs: until then it serves nobody. */
  bootstrap: Type.Optional(BootstrapProgress),
  streams: Type.Array(
    Type.Object({
      stream: Type.String(),
      headSeq: Type.Integer(),
      headHash: Type.String(),
      projectedSeq: Type.Integer(),
      /** What the cloud holds of it for good, as far as we heard. */
      cloudSeq: Type.Integer(),
      trust: Type.String(),
    }),
  ),
})

/** RFC 9457, with a stable `code`; `type` is `/problems/<code>`. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    detail: Type.Optional(Type.String()),
    errors: Type.Optional(
      Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() }), { maxItems: 20 }),
    ),
  },
  { additionalProperties: true },
)

/** A page of a list; `next` is the cursor of the following page, null on the last. */
export const Page = <T extends Type.TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), next: Type.Union([Type.String(), Type.Null()]) })

/** What was sold of a product over some days, less what came back. */
export const ItemSummary = Type.Object({
  productId: Uuid<string>(),
  code: Type.String(),
  name: Type.String(),
  currency: CurrencyCode,
  /** In thousandths; below zero where more came back than was sold. */
  quantity: Type.Integer(),
  totalMinor: AmountMinor,
})

/** For one connection to the live feed, within half a minute. */
export const LiveTicket = Type.Object({ ticket: Type.String() })

/** A device that can sign says with what: Ed25519, SPKI in DER, base64. */
export const AskTillEnrolment = Strict({
  publicKey: Type.Optional(Type.String({ minLength: 60, maxLength: 60 })),
})

/** What an enrolled till is told: who it is, and what it shows when it syncs. The token is told once. */
export const TillEnrolment = Type.Object({
  token: Type.String(),
  author: Type.String(),
  epoch: Type.String(),
  org: Uuid<string>(),
  till: Till,
  shop: Shop,
})

export type AskSale = Static<typeof AskSale>
export type AskRefund = Static<typeof AskRefund>
export type AskUnlinkedRefund = Static<typeof AskUnlinkedRefund>
export type AskCashMovement = Static<typeof AskCashMovement>
export type Sale = Static<typeof Sale>
export type SaleRow = Static<typeof SaleRow>
export type RefundView = Static<typeof RefundView>
export type Product = Static<typeof Product>
export type Shop = Static<typeof Shop>
export type Till = Static<typeof Till>
export type Employee = Static<typeof Employee>
export type DaySummary = Static<typeof DaySummary>
export type Today = Static<typeof Today>
export type LiveEvent = Static<typeof LiveEvent>
export type BootstrapProgress = Static<typeof BootstrapProgress>
export type SyncStatus = Static<typeof SyncStatus>
export type Problem = Static<typeof Problem>
export type ItemSummary = Static<typeof ItemSummary>
export type LiveTicket = Static<typeof LiveTicket>
export type TillEnrolment = Static<typeof TillEnrolment>
