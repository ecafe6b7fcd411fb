import {
  CashAmount,
  CountMinor,
  CurrencyCode,
  currenciesMax,
  Day,
  denominationsMax,
  Instant,
  Pieces,
  PositiveMinor,
  Strict,
  Text,
  Uuid,
} from '@tillkeeper/facts/catalogue/parts.ts'
import {
  RecyclerStock,
  type RecyclerToldBody,
  RecyclerWork,
} from '@tillkeeper/facts/catalogue/recycler.ts'
import Type, { type Static } from 'typebox'

// Cash recyclers under /v1. What a shop's books know of a machine is read here and in the cloud; what it does this
// moment is known by the shop's server alone, which talks to it.

const OptionalId = Type.Optional(Uuid<string>())
const literals = <const T extends string>(...values: readonly T[]) =>
  Type.Unsafe<T>(Type.Union(values.map((value) => Type.Literal(value))))

// ---- requests

/** What money is moved for. A sale, refund, pay-out or expense names the attempt in its turn; the last two are whole here. */
export const RecyclerLinks = Strict({
  saleId: OptionalId,
  refundId: OptionalId,
  expenseId: OptionalId,
  /** A pay-out, a top-up of a drawer, cash paid in. */
  movementId: OptionalId,
  /** Given for what an earlier attempt took: an exchange, or a payment that no sale came of. */
  forAttemptId: OptionalId,
})

/** Work for a machine. `attemptId` is chosen by the asker: asked twice, it is done once. */
export const AskAttempt = Strict({
  attemptId: Uuid<string>(),
  /** Who asks. A person may leave it out; a key has to name somebody who works in the shop. */
  staffId: OptionalId,
  currency: CurrencyCode,
  work: RecyclerWork,
  tillId: OptionalId,
  sessionId: OptionalId,
  links: Type.Optional(RecyclerLinks),
  /** By whose word, where it is more than the asker may do. */
  approvalId: OptionalId,
})

/** A machine as the shop wants it: all of it, each time. */
export const AskRecycler = Strict({
  shopId: Uuid<string>(),
  name: Text(60, 1),
  driver: literals('glory', 'rest'),
  address: Text(200, 1),
  currencies: Type.Array(CurrencyCode, { minItems: 1, maxItems: currenciesMax }),
  /** Tills that may ask it. */
  tills: Type.Array(Uuid<string>(), { maxItems: 20 }),
  active: Type.Boolean(),
})

/** Kept by the shop's server alone, never in a fact. A field that is left out stays as it was. */
export const AskRecyclerSecret = Strict({
  user: Type.Optional(Text(60)),
  password: Type.Optional(Text(200)),
  /** The machine got another certificate: the next one that it shows is kept. */
  forgetCertificate: Type.Optional(Type.Literal(true)),
})

/** What an attempt whose end nobody knew is taken to have moved, what the machine counted, or both. */
export const AskResolve = Strict({
  id: OptionalId,
  attempt: Type.Optional(Strict({ attemptId: Uuid<string>(), in: Pieces, out: Pieces })),
  counted: Type.Optional(RecyclerStock),
  reason: Text(200, 1),
})

/** What was taken out of the cash box, as it was counted into the safe. */
export const AskEmptied = Strict({
  id: OptionalId,
  cash: Type.Array(Strict({ currency: CurrencyCode, pieces: Pieces }), {
    minItems: 1,
    maxItems: denominationsMax,
  }),
  note: Type.Optional(Text(200)),
})

export const AskLock = Strict({ locked: Type.Boolean() })

// ---- replies

const Condition = Type.Unsafe<NonNullable<RecyclerToldBody['condition']>>(
  Type.Object({
    is: literals('ready', 'busy', 'fault', 'offline'),
    fault: Type.Optional(
      Type.Object({
        kind: Type.String(),
        code: Type.String(),
        text: Type.String(),
        help: Type.Optional(Type.String()),
      }),
    ),
  }),
)

/** A machine as the books know it, here or in the cloud. */
export const RecyclerView = Type.Object({
  id: Uuid<string>(),
  shopId: Uuid<string>(),
  name: Type.String(),
  driver: Type.String(),
  address: Type.String(),
  currencies: Type.Array(CurrencyCode),
  tills: Type.Array(Uuid<string>()),
  active: Type.Boolean(),
  /** What it last said of itself, and when. Null: nothing yet. */
  condition: Type.Union([Condition, Type.Null()]),
  conditionAt: Type.Union([Instant, Type.Null()]),
  stock: Type.Union([RecyclerStock, Type.Null()]),
  stockAt: Type.Union([Instant, Type.Null()]),
  /** By the books: what its acts come to; none left of a face that it once held is in it as 0. */
  held: Type.Array(
    Type.Object({
      unit: literals('recycling', 'cash_box'),
      currency: CurrencyCode,
      faceMinor: PositiveMinor,
      pieces: Type.Integer(),
    }),
  ),
  /** Whether it was ever counted: before that the books know only what moved since. */
  known: Type.Boolean(),
  /** Attempts whose end nobody knows. */
  unresolved: Type.Integer(),
})
export const RecyclerList = Type.Object({ items: Type.Array(RecyclerView) })

/** How far an attempt is, or how it ended. */
export const AttemptView = Type.Object({
  attemptId: Uuid<string>(),
  recyclerId: Uuid<string>(),
  seqNo: Type.String(),
  currency: CurrencyCode,
  work: RecyclerWork,
  tillId: Type.Union([Uuid<string>(), Type.Null()]),
  sessionId: Type.Union([Uuid<string>(), Type.Null()]),
  staffId: Uuid<string>(),
  links: Type.Union([RecyclerLinks, Type.Null()]),
  /**
   * `open`: begun, and its machine is out of reach or stopped; it may have moved money. `settling` and `finding`:
   * it ended, and what it did is being read.
   */
  state: literals('starting', 'working', 'settling', 'finding', 'open', 'ended'),
  insertedMinor: CountMinor,
  givingMinor: CountMinor,
  /** It has not the pieces for the change, and waits for `cancel` or `end-short`. */
  short: Type.Boolean(),
  cancelling: Type.Boolean(),
  /** Of `ended`. A person's word on an unresolved one counts. */
  ending: Type.Union([literals('done', 'not_done', 'unresolved'), Type.Null()]),
  /** What moved, by piece; of `unresolved` only what is known of it. */
  in: Type.Union([CashAmount, Type.Null()]),
  out: Type.Union([CashAmount, Type.Null()]),
  certain: Type.Boolean(),
  /** The maker's own code of the end. */
  code: Type.Union([Type.String(), Type.Null()]),
})

/** A machine this moment, by the shop's server. Each news is this, whole: the last one counts. */
export const LiveRecycler = Type.Object({
  recyclerId: Uuid<string>(),
  at: literals(
    ...(['offline', 'checking', 'idle', 'noting', 'starting', 'working'] as const),
    ...(['settling', 'finding', 'stopped'] as const),
  ),
  condition: Type.Union([Condition, Type.Null()]),
  capabilities: Type.Union([
    Type.Object({
      currencies: Type.Array(CurrencyCode),
      payIn: Type.Boolean(),
      payOut: literals('amount', 'pieces', 'both'),
      deposit: Type.Boolean(),
      replenish: Type.Array(literals('entrance', 'cassette')),
      collect: Type.Array(literals('cash_box', 'exit')),
      lock: Type.Boolean(),
      reset: Type.Boolean(),
      verify: Type.Boolean(),
      pushes: Type.Boolean(),
    }),
    Type.Null(),
  ]),
  stock: Type.Union([RecyclerStock, Type.Null()]),
  /** The attempt under way, or the last one that ended since this server started. */
  attempt: Type.Union([AttemptView, Type.Null()]),
})

/** One attempt of a machine's past. */
export const AttemptRecord = Type.Object({
  attemptId: Uuid<string>(),
  recyclerId: Uuid<string>(),
  shopId: Uuid<string>(),
  seqNo: Type.Union([Type.String(), Type.Null()]),
  currency: CurrencyCode,
  work: RecyclerWork,
  staffId: Uuid<string>(),
  staffName: Type.String(),
  tillId: Type.Union([Uuid<string>(), Type.Null()]),
  links: Type.Union([RecyclerLinks, Type.Null()]),
  startedAt: Type.Union([Instant, Type.Null()]),
  endedAt: Type.Union([Instant, Type.Null()]),
  businessDate: Day,
  /** Null: it has not ended yet. */
  ending: Type.Union([literals('done', 'not_done', 'unresolved'), Type.Null()]),
  in: Type.Union([CashAmount, Type.Null()]),
  out: Type.Union([CashAmount, Type.Null()]),
  code: Type.Union([Type.String(), Type.Null()]),
  /** A person said how it ended, and why. */
  resolved: Type.Union([
    Type.Object({ staffName: Type.String(), reason: Type.String(), at: Instant }),
    Type.Null(),
  ]),
})
export const AttemptPage = Type.Object({
  items: Type.Array(AttemptRecord),
  next: Type.Union([Type.String(), Type.Null()]),
})

/** One attempt whole, for who has to say how it ended: what the machine held, and on what its end was taken. */
export const AttemptDetail = Type.Object({
  ...AttemptRecord.properties,
  /** Null: its intent has not come yet. */
  before: Type.Union([RecyclerStock, Type.Null()]),
  /** Null: nobody could read it, or there is no end yet. */
  after: Type.Union([RecyclerStock, Type.Null()]),
  certain: Type.Boolean(),
  because: Type.Union([literals('reply', 'stock', 'nothing'), Type.Null()]),
  /** Where the machine held other cash than the attempt makes of `before`. */
  differences: Type.Array(
    Type.Object({
      unit: literals('recycling', 'cash_box'),
      currency: CurrencyCode,
      faceMinor: PositiveMinor,
      expected: Type.Integer(),
      reported: Type.Integer(),
    }),
  ),
})

export const LiveRecyclers = Type.Object({ items: Type.Array(LiveRecycler) })

/** What the shop's server keeps of how it logs in at a machine; the password itself is never told. */
export const RecyclerSecret = Type.Object({
  user: Type.Union([Type.String(), Type.Null()]),
  hasPassword: Type.Boolean(),
  /** SHA-256 of the certificate that it saw first, and takes no other than. */
  fingerprint: Type.Union([Type.String(), Type.Null()]),
})

/** A frame as it came or went; the newest are kept, in memory. */
export const RecyclerFrames = Type.Object({
  items: Type.Array(
    Type.Object({
      at: Instant,
      direction: literals('in', 'out'),
      text: Type.String(),
    }),
  ),
})

export type AskAttempt = Static<typeof AskAttempt>
export type AskRecycler = Static<typeof AskRecycler>
export type RecyclerView = Static<typeof RecyclerView>
export type AttemptView = Static<typeof AttemptView>
export type LiveRecycler = Static<typeof LiveRecycler>
export type AttemptRecord = Static<typeof AttemptRecord>
export type AttemptDetail = Static<typeof AttemptDetail>
export type RecyclerSecret = Static<typeof RecyclerSecret>
