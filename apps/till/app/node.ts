import { sha256 } from '@noble/hashes/sha2.js'
import { assert } from '@tillkeeper/core/base/assert.ts'
import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import type { Instant } from '@tillkeeper/core/base/instant.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { type RatesHeld, ratesAt } from '@tillkeeper/core/money/rate.ts'
import type { Permission } from '@tillkeeper/core/permission/permission.ts'
import type { Link } from '@tillkeeper/sync/link/run-link.ts'
import type { StoreApi } from 'zustand/vanilla'
import { isAllowed, type Person, type Shop, type TillPlace } from '../catalogue/directory.ts'
import type { FeedInbox } from '../catalogue/feed-inbox.ts'
import type { TillDb } from '../journal/database.ts'
import type { Journal } from '../journal/journal.ts'
import type { Device } from '../journal/kept.ts'
import type { TillOutbox } from '../journal/outbox.ts'
import type { Turns } from '../journal/take-turns.ts'
import type { TillState } from './till-state.ts'

/** What acts happen on: this till, its journal, and the way to its store server. */
export type TillNode = {
  readonly db: TillDb
  readonly device: Device
  readonly journal: Journal
  readonly outbox: TillOutbox
  readonly inbox: FeedInbox
  readonly link: Link
  /** One act at a time: each is decided on what the one before it wrote. */
  readonly turns: Turns
  readonly state: StoreApi<TillState>
  /** Where what lies beside the database is kept. */
  readonly storage: Storage
  /** The till's time: the store server's, carried on. */
  readonly nowMs: () => number
}

/** Makes an id for an act that begins now. */
export function makeId(nowMs: number): string {
  return uuidv7(nowMs, crypto.getRandomValues(new Uint8Array(10)))
}

/** Hashes as facts are chained. */
export const hashBytes = (bytes: Uint8Array): Uint8Array => sha256(bytes)

/** This till's shop, as the feed says; the till does not work before it has said so. */
export function getShop({ state, device }: Pick<TillNode, 'state' | 'device'>): Shop {
  const shop = state.getState().directory.shops.get(device.shopId)
  assert(shop !== undefined, 'a till that works knows its shop')
  return shop
}

/** This till as the feed describes it. */
export function getTillPlace({ state, device }: Pick<TillNode, 'state' | 'device'>): TillPlace {
  const place = state.getState().directory.tills.get(device.tillId)
  assert(place !== undefined, 'a till that works knows itself')
  return place
}

export function getCurrency(node: Pick<TillNode, 'state' | 'device'>): Currency {
  return getShop(node).currency
}

/** The rates that hold in this shop at a moment, of all that the feed has told. */
export function getRates(node: Pick<TillNode, 'state' | 'device'>, at: Instant): RatesHeld {
  const { currency: base, id: shopId } = getShop(node)
  return ratesAt(node.state.getState().directory.rates, { base, shopId, at })
}

/** Whether who works now may do something, by what the feed says at this moment. */
export function may(node: Pick<TillNode, 'state' | 'device'>, permission: Permission): boolean {
  return isAllowed(findWorker(node), permission, node.device.shopId)
}

/** Who works now, as the feed has them at this moment: who was switched off is gone at once. */
export function findWorker({ state }: Pick<TillNode, 'state'>): Person | undefined {
  const { person, directory } = state.getState()
  return person === undefined ? undefined : directory.people.get(person.id)
}
