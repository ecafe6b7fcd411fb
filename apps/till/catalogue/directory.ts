import type { ProductId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { CatalogueProduct } from '@tillkeeper/core/catalogue/product.ts'
import { indexProducts, type SearchIndex } from '@tillkeeper/core/catalogue/search-products.ts'
import type { ExpenseCategory, ExpenseCategoryId } from '@tillkeeper/core/expense/expense.ts'
import type { CashRounding } from '@tillkeeper/core/money/cash-rounding.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import type { Rate } from '@tillkeeper/core/money/rate.ts'
import {
  type Granted,
  isPermission,
  mergeLimits,
  type Permission,
  type PermissionLimit,
} from '@tillkeeper/core/permission/permission.ts'
import { type Registers, readFields } from './registers.ts'

/** The shop as its registers say. */
export type Shop = {
  readonly id: ShopId
  readonly code: string
  readonly name: string
  readonly address: string
  readonly taxNumber: string
  readonly timeZone: string
  readonly currency: Currency
  readonly receiptFooter: string
  /** How cash is rounded; left out where it is not. */
  readonly cashRounding?: CashRounding | undefined
  /** What a drawer may hold; 0 is no limit. */
  readonly drawerLimitMinor: Minor
  readonly toleranceMinor: Minor
  readonly investigateMinor: Minor
  readonly blindClose: boolean
  /** What a drawer begins with. */
  readonly floatMinor: Minor
  /** For expenses a day over all categories; 0 is no limit. */
  readonly expenseDayMinor: Minor
}

export type TillPlace = {
  readonly id: TillId
  readonly shopId: ShopId
  readonly number: number
  readonly name: string
  readonly active: boolean
}

/** Somebody who works here, with what the roles allow. */
export type Person = {
  readonly id: StaffId
  readonly name: string
  readonly number: string
  readonly language: string
  readonly active: boolean
  readonly shops: readonly string[]
  readonly permissions: ReadonlySet<Permission>
  /** Up to which amounts they may do it alone. */
  readonly limits: readonly PermissionLimit[]
}

/** Everything that the feed says, made ready for selling. Made again when the feed brought something. */
export type Directory = {
  readonly products: SearchIndex
  /** What is sold, in the order of the alphabet. */
  readonly listed: readonly CatalogueProduct[]
  readonly byId: ReadonlyMap<string, CatalogueProduct>
  /** Names of categories with something to sell, in the order of the alphabet. */
  readonly categories: readonly string[]
  readonly people: ReadonlyMap<string, Person>
  readonly shops: ReadonlyMap<string, Shop>
  readonly tills: ReadonlyMap<string, TillPlace>
  /** All that the feed tells of what currencies are worth; `ratesAt` says what holds. */
  readonly rates: readonly Rate[]
  /** In the order of the alphabet. */
  readonly expenseCategories: ReadonlyMap<string, ExpenseCategory>
}

export const emptyDirectory: Directory = {
  products: indexProducts([]),
  listed: [],
  byId: new Map(),
  categories: [],
  people: new Map(),
  shops: new Map(),
  tills: new Map(),
  rates: [],
  expenseCategories: new Map(),
}

/** Reads the registers as shop, tills, people and products; products are sorted as people search them. */
export function makeDirectory(registers: Registers): Directory {
  const products = [...registers.product].map(([id, edits]) => productOf(id, readFields(edits)))
  // Thai has letters that stand before the consonant they follow: code point order is no alphabet.
  const { compare } = new Intl.Collator(['th', 'en'], { numeric: true })
  products.sort((a, b) => compare(a.name, b.name))
  const listed = products.filter(({ active }) => active)
  const categories = new Set(listed.map(({ category }) => category))
  const roles = new Map([...registers.role].map(([id, edits]) => [id, roleOf(readFields(edits))]))
  return {
    products: indexProducts(products),
    listed,
    byId: new Map(products.map((product) => [product.id, product])),
    categories: [...categories].filter((name) => name !== '').sort(compare),
    people: mapOf(registers.employee, (id, fields) => personOf(id, fields, roles)),
    shops: mapOf(registers.shop, shopOf),
    tills: mapOf(registers.till, tillOf),
    rates: [...registers.rate].flatMap(([id, edits]) => {
      const { terms } = readFields(edits)
      // Its schema was checked when the feed brought it.
      return terms === undefined ? [] : [{ ...(terms as Omit<Rate, 'id'>), id }]
    }),
    expenseCategories: new Map(
      [...mapOf(registers.expensecategory, categoryOf)].sort(([, a], [, b]) =>
        compare(a.name, b.name),
      ),
    ),
  }
}

/** Whether somebody may do something. Deny by default: who left, or works elsewhere, may nothing. */
export function isAllowed(
  person: Person | undefined,
  permission: Permission,
  shopId: ShopId,
): boolean {
  return worksAt(person, shopId) && person.permissions.has(permission)
}

/** Whether somebody works in a shop at all. */
export function worksAt(person: Person | undefined, shopId: ShopId): person is Person {
  if (person?.active !== true) return false
  // Who runs the chain works in every shop, those too that are opened tomorrow: as the servers see it.
  return person.permissions.has('chain.manage') || person.shops.includes(shopId)
}

type Fields = Readonly<Record<string, unknown>>

function mapOf<T>(
  entities: Registers['shop'],
  read: (id: string, fields: Fields) => T,
): ReadonlyMap<string, T> {
  return new Map([...entities].map(([id, edits]) => [id, read(id, readFields(edits))]))
}

// The neutral values are those of the servers' tables: a field that was never edited has them.
function productOf(id: string, fields: Fields): CatalogueProduct {
  const price = fields.price as { currency: Currency; minor: Minor } | undefined
  return {
    id: id as ProductId,
    code: text(fields.code),
    name: text(fields.name),
    category: text(fields.category),
    currency: price?.currency ?? ('THB' as Currency),
    priceMinor: minor(price?.minor ?? 0),
    vatBasisPoints: typeof fields.vatBasisPoints === 'number' ? fields.vatBasisPoints : 0,
    barcodes: texts(fields.barcodes),
    active: fields.active !== false,
  }
}

function personOf(id: string, fields: Fields, roles: ReadonlyMap<string, Granted>): Person {
  const granted = texts(fields.roles).flatMap((role) => roles.get(role) ?? [])
  const names = granted.flatMap(({ permissions }) => [...permissions])
  return {
    id: id as StaffId,
    name: text(fields.name),
    number: text(fields.number),
    language: text(fields.language),
    active: fields.active !== false,
    shops: texts(fields.shops),
    permissions: new Set(names.filter(isPermission)),
    limits: mergeLimits(granted),
  }
}

function shopOf(id: string, fields: Fields): Shop {
  return {
    id: id as ShopId,
    code: text(fields.code),
    name: text(fields.name),
    address: text(fields.address),
    taxNumber: text(fields.taxNumber),
    timeZone: text(fields.timeZone) || 'UTC',
    currency: (text(fields.currency) || 'THB') as Currency,
    receiptFooter: text(fields.receiptFooter),
    cashRounding: roundingOf(fields.cashRounding),
    drawerLimitMinor: amount(fields.drawerLimitMinor),
    toleranceMinor: amount(fields.toleranceMinor),
    investigateMinor: amount(fields.investigateMinor),
    blindClose: fields.blindClose !== false,
    floatMinor: amount(fields.floatMinor),
    expenseDayMinor: amount(fields.expenseDayMinor),
  }
}

function categoryOf(id: string, fields: Fields): ExpenseCategory {
  const limits = fields.limits as ExpenseCategory['limits']
  return {
    id: id as ExpenseCategoryId,
    name: text(fields.name),
    active: fields.active !== false,
    needsReceipt: fields.needsReceipt === true,
    ...(limits !== undefined && { limits }),
  }
}

function roundingOf(value: unknown): CashRounding | undefined {
  const rounding = value as CashRounding | undefined
  return rounding !== undefined && rounding.stepMinor > 1 ? rounding : undefined
}

function tillOf(id: string, fields: Fields): TillPlace {
  return {
    id: id as TillId,
    shopId: text(fields.shopId) as ShopId,
    number: typeof fields.number === 'number' ? fields.number : 1,
    name: text(fields.name),
    active: fields.active !== false,
  }
}

function roleOf(fields: Fields): Granted {
  const limits = Array.isArray(fields.limits) ? (fields.limits as PermissionLimit[]) : []
  return { permissions: texts(fields.permissions), limits }
}

function amount(value: unknown): Minor {
  return minor(typeof value === 'number' ? value : 0)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}
