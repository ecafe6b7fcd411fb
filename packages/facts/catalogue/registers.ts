import type { ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { SetChange } from '@tillkeeper/core/merge/entity.ts'
import type { Stamp } from '@tillkeeper/core/merge/stamp.ts'
import Type, { type TProperties, type TSchema } from 'typebox'
import { type Hlc, hlcPattern } from '../seal/hlc.ts'
import type { Fact } from '../seal/seal.ts'
import {
  BasisPoints,
  CountMinor,
  CurrencyCode,
  currenciesMax,
  Instant,
  RateNumber,
  RateScale,
  type ReadonlyStatic,
  Strict,
  Text,
  Uuid,
} from './parts.ts'

// Register edits: new values for some fields of an entity. Each field is one last-writer-wins register
// on the hybrid logical clock; fields that only make sense together are one field here. Who may write which
// is in authority.ts, how edits meet in core/merge.

/** A field is taken back from a wrong clock this often at most. */
export const repMax = 1_000
/** Values that one edit adds to a set or removes from it, and tags that it names of one value. */
export const setChangesMax = 20

/** Changes of a set: what comes, and what goes with the tags that were seen of it (core/merge/or-set.ts). */
const change = (value: TSchema) =>
  Type.Optional(
    Strict({
      add: Type.Optional(Type.Array(value, { maxItems: setChangesMax })),
      remove: Type.Optional(
        Type.Array(
          Strict({
            value,
            tags: Type.Array(Uuid<string>(), { minItems: 1, maxItems: setChangesMax }),
          }),
          { maxItems: setChangesMax },
        ),
      ),
    }),
  )

const edit = <P extends TProperties>(fields: P, sets: TProperties = {}) =>
  Strict({
    entityId: Uuid<string>(),
    /** 0 where it is left out: beats every lower one, whatever the clocks said (core/merge/stamp.ts). */
    rep: Type.Optional(Type.Integer({ minimum: 0, maximum: repMax })),
    /** Of an edit that the cloud relays: what was said first. Its clock and id are compared, not ours. */
    origin: Type.Optional(
      Strict({
        factId: Uuid<string>(),
        hlc: Type.Unsafe<Hlc>(Type.String({ pattern: hlcPattern })),
        author: Text(64, 1),
      }),
    ),
    /**
     * The entity was deleted by the edit of this stamp, all have heard of it, and nothing more is kept of it.
     * What was said up to there says nothing any more. Only the cloud says so.
     */
    ended: Type.Optional(
      Strict({
        rep: Type.Integer({ minimum: 0, maximum: repMax }),
        hlc: Type.Unsafe<Hlc>(Type.String({ pattern: hlcPattern })),
        factId: Uuid<string>(),
      }),
    ),
    /** Only the fields that change. `Partial` drops what its object refuses, so it is said again. */
    fields: Type.Partial(Strict(fields), { additionalProperties: false }),
    ...(Object.keys(sets).length === 0 ? {} : { sets: Type.Optional(Strict(sets)) }),
  })

/** The entity is not there any more, until a later edit says something of it. */
const deleted = Type.Literal(true)

/** The coarsest step: 1,000 rupiah, or ten times that. */
const cashStepMax = 1_000_000
const permissionsMax = 200
const shopsMax = 1_000
const limitsMax = 50

export const OrgChangedBody = edit({ name: Text(100, 1) })

export const ShopChangedBody = edit({
  /** Short and unique in the chain, such as `S1`. */
  code: Text(10, 1),
  name: Text(100, 1),
  address: Text(200),
  taxNumber: Text(40),
  /** An IANA name, such as Asia/Bangkok. */
  timeZone: Text(60, 1),
  currency: CurrencyCode,
  receiptFooter: Text(200),
  /** How cash is rounded, in the shop's currency; a step of 0 or 1 rounds nothing. */
  cashRounding: Strict({
    stepMinor: Type.Integer({ minimum: 0, maximum: cashStepMax }),
    way: Type.Union([Type.Literal('nearest'), Type.Literal('down')]),
  }),
  active: Type.Boolean(),
  // Amounts are in the shop's currency.
  /** What a drawer may hold before its cashier is asked for a drop; 0 is no limit. */
  drawerLimitMinor: CountMinor,
  /** A variance up to here, over or short, needs no explanation. */
  toleranceMinor: CountMinor,
  /** A variance from here on is investigated. */
  investigateMinor: CountMinor,
  /** Whether a cashier counts without seeing what is expected. */
  blindClose: Type.Boolean(),
  /** What a drawer begins with. */
  floatMinor: CountMinor,
  /** What may be paid for expenses a day without an approval, over all categories; 0 is no limit. */
  expenseDayMinor: CountMinor,
})

export const TillChangedBody = edit({
  shopId: Uuid<ShopId>(),
  /** 1 to 99: it stands in every receipt number of the till. */
  number: Type.Integer({ minimum: 1, maximum: 99 }),
  name: Text(100, 1),
  active: Type.Boolean(),
})

const Barcode = Text(64, 1)

export const ProductChangedBody = edit(
  {
    code: Text(40, 1),
    name: Text(200, 1),
    category: Text(60),
    /** With tax, for one unit. */
    price: Strict({ currency: CurrencyCode, minor: CountMinor }),
    vatBasisPoints: BasisPoints,
    barcodes: Type.Array(Barcode, { maxItems: 20 }),
    active: Type.Boolean(),
    /** What people tell each other of it, such as where it stands. Any node may write it. */
    note: Text(200),
    deleted,
  },
  { barcodes: change(Barcode) },
)

export const RoleChangedBody = edit({
  name: Text(60, 1),
  permissions: Type.Array(Text(60, 1), { maxItems: permissionsMax }),
  /** Of a permission the largest amount without somebody's approval, in the shop's currency. */
  limits: Type.Array(Strict({ permission: Text(60, 1), maxMinor: CountMinor }), {
    maxItems: limitsMax,
  }),
})

export const EmployeeChangedBody = edit(
  {
    name: Text(100, 1),
    /** What a person types before the PIN. Unique in the chain. */
    number: Text(12, 1),
    roles: Type.Array(Uuid<string>(), { maxItems: 20 }),
    shops: Type.Array(Uuid<ShopId>(), { maxItems: shopsMax }),
    language: Type.Union([Type.Literal('en'), Type.Literal('th'), Type.Literal('id')]),
    active: Type.Boolean(),
    deleted,
  },
  { roles: change(Uuid<string>()), shops: change(Uuid<ShopId>()) },
)

/**
 * How an employee proves who they are; the entity is the employee. It travels only in the scopes
 * `credentials:<shop>`, which stop at the store server: a till never holds a hash.
 */
export const CredentialChangedBody = edit({
  /** argon2id in PHC form, peppered. */
  pinHash: Text(200, 1),
  passwordHash: Text(200, 1),
  /** What a person types before the password. */
  login: Text(100, 1),
  /** In a shop's feed: the person has no business there any more, and the shop drops the hashes. */
  deleted,
})

/** A key of another system. The secret is random, so a plain SHA-256 of it is kept (hex). */
export const ApiKeyChangedBody = edit({
  name: Text(100, 1),
  secretHash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  permissions: Type.Array(Text(60, 1), { maxItems: permissionsMax }),
  shops: Type.Array(Uuid<ShopId>(), { maxItems: shopsMax }),
  active: Type.Boolean(),
  /** In a shop's feed, as of a credential. */
  deleted,
})

/** What shops spend cash on, and how much of it needs nobody's approval. */
export const ExpenseCategoryChangedBody = edit({
  name: Text(60, 1),
  active: Type.Boolean(),
  needsReceipt: Type.Boolean(),
  /** One field: an amount says nothing without its currency. What is left out bounds nothing. */
  limits: Strict({
    currency: CurrencyCode,
    actMinor: Type.Optional(CountMinor),
    dayMinor: Type.Optional(CountMinor),
    personDayMinor: Type.Optional(CountMinor),
  }),
})

/**
 * What a currency is worth, from some instant on. The entity is the rate: it is said once, and who sets another
 * makes another, so that what a sale names stays what it was.
 */
export const RateChangedBody = edit({
  terms: Strict({
    currency: CurrencyCode,
    base: CurrencyCode,
    /** One unit of the currency is worth `rate × 10^−scale` units of the base. 0: it is not taken any more. */
    rate: RateNumber,
    scale: RateScale,
    /** Where it was taken from: a bank, a board, a person's word. */
    source: Text(60),
    /** It holds from then on, until the next one. */
    from: Instant,
    /** Of this shop alone; left out: of all shops with this base. */
    shopId: Type.Optional(Uuid<ShopId>()),
    /** Who set it; left out where no person did. */
    staffId: Type.Optional(Uuid<StaffId>()),
  }),
})

/** Tills that use one machine. */
const recyclerTillsMax = 20

/** A machine that takes and gives cash. One field: an address says nothing of another machine. */
export const RecyclerChangedBody = edit({
  terms: Strict({
    shopId: Uuid<ShopId>(),
    name: Text(60, 1),
    /** The kind of driver that speaks to it. */
    driver: Text(40, 1),
    /** Where it is on the shop's network, as its driver writes that. No password belongs here. */
    address: Text(200, 1),
    currencies: Type.Array(CurrencyCode, { minItems: 1, maxItems: currenciesMax }),
    /** Tills that may ask it. */
    tills: Type.Array(Uuid<TillId>(), { maxItems: recyclerTillsMax }),
    active: Type.Boolean(),
  }),
})

/** The newest body of each kind of entity that has registers: what its facts are called before `.changed`. */
export const registerBodies = {
  org: OrgChangedBody,
  shop: ShopChangedBody,
  till: TillChangedBody,
  product: ProductChangedBody,
  role: RoleChangedBody,
  employee: EmployeeChangedBody,
  credential: CredentialChangedBody,
  apikey: ApiKeyChangedBody,
  rate: RateChangedBody,
  recycler: RecyclerChangedBody,
  expensecategory: ExpenseCategoryChangedBody,
} as const

export type RegisterKind = keyof typeof registerBodies

export type RegisterEditBody = {
  readonly entityId: string
  readonly rep?: number
  readonly origin?: { readonly factId: string; readonly hlc: Hlc; readonly author: string }
  readonly ended?: Stamp & { readonly hlc: Hlc }
  readonly fields: Readonly<Record<string, unknown>>
  readonly sets?: Readonly<Record<string, SetChange>>
}
export type OrgChangedFact = Fact<'org.changed', ReadonlyStatic<typeof OrgChangedBody>>
export type ShopChangedFact = Fact<'shop.changed', ReadonlyStatic<typeof ShopChangedBody>>
export type TillChangedFact = Fact<'till.changed', ReadonlyStatic<typeof TillChangedBody>>
export type ProductChangedFact = Fact<'product.changed', ReadonlyStatic<typeof ProductChangedBody>>
export type RoleChangedFact = Fact<'role.changed', ReadonlyStatic<typeof RoleChangedBody>>
export type EmployeeChangedFact = Fact<
  'employee.changed',
  ReadonlyStatic<typeof EmployeeChangedBody>
>
export type CredentialChangedFact = Fact<
  'credential.changed',
  ReadonlyStatic<typeof CredentialChangedBody>
>
export type ExpenseCategoryChangedFact = Fact<
  'expensecategory.changed',
  ReadonlyStatic<typeof ExpenseCategoryChangedBody>
>
export type ApiKeyChangedFact = Fact<'apikey.changed', ReadonlyStatic<typeof ApiKeyChangedBody>>
export type RateChangedFact = Fact<'rate.changed', ReadonlyStatic<typeof RateChangedBody>>
export type RecyclerChangedFact = Fact<
  'recycler.changed',
  ReadonlyStatic<typeof RecyclerChangedBody>
>
