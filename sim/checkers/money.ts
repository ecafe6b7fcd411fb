import { isDeepStrictEqual } from 'node:util'
import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import type { Fleet } from '../actors/fleet.ts'
import type { IdRow } from '../actors/journal.ts'
import { heardOf } from '../actors/say.ts'
import { violate } from '../world/world.ts'
import { drawerOf, factOf, foldBooks } from './books.ts'
import { actsOn, headsOf, rowsOf } from './copies.ts'

// What people were told, against what lies on the servers.

/** G1: what somebody was told is done is in the shop and in the cloud. */
export function checkPromises({ world, truth, cloud, shops }: Fleet): void {
  for (const { id, type, node, how } of truth.promised.values()) {
    if (truth.burnt.has(id)) continue
    const shop = shops.find(
      ({ tills, store }) => store.name === node || tills.some(({ name }) => name === node),
    )
    for (const server of [cloud, shop?.store]) {
      if (server === undefined || server.disk.peek('fact_id', [id, 0]) !== undefined) continue
      violate(world, 'G1', `${type} ${id} of ${node} (${how}) is not at ${server.name}`)
    }
  }
}

/** G1: what a server acknowledged is in the cloud. */
export function checkAcknowledged({ world, truth, cloud }: Fleet): void {
  for (const id of truth.acked) {
    if (truth.burnt.has(id) || cloud.disk.peek('fact_id', [id, 0]) !== undefined) continue
    violate(world, 'G1', `${id} was acknowledged and is not in the cloud`)
  }
}

/** G2: each id has one effect: one owner on each server, no stream that has it twice, one content. */
export function checkEffects({ world, truth, cloud, shops }: Fleet): void {
  for (const { disk, name } of [cloud, ...shops.map(({ store }) => store)]) {
    const bodies = new Map<string, unknown>()
    const places = new Set<string>()
    for (const { stream } of headsOf(disk)) {
      const seen = new Set<string>()
      for (const { id, seq, bytes, type } of rowsOf(disk, stream)) {
        if (seen.has(id)) violate(world, 'G2', `${name} has ${id} twice in ${stream}`)
        seen.add(id)
        places.add(`${id} ${stream} ${seq}`)
        const body = heardOf(bytes)?.body
        if (bodies.has(id) && !isDeepStrictEqual(bodies.get(id), body)) {
          violate(world, 'G2', `${name} has ${id} with two contents`)
        }
        bodies.set(id, body)
        if (!type.endsWith('.changed') && !truth.intended.has(id)) {
          violate(world, 'G2', `${name} has ${id}, which nobody asked for`)
        }
      }
    }
    const owners = disk.peekAll('fact_id') as IdRow[]
    if (owners.length !== bodies.size) {
      violate(world, 'G2', `${name} has ${owners.length} effects of ${bodies.size} acts`)
    }
    for (const { id, stream, seq } of owners) {
      if (!places.has(`${id} ${stream} ${seq}`)) {
        violate(world, 'G2', `${name}: the owner of ${id} is not there`)
      }
    }
  }
}

/** G4: money is what people were told, everywhere, and each close is the sum of its session. */
export function checkMoney({ world, truth, cloud, shops }: Fleet): void {
  const books = foldBooks(actsOn(cloud.disk))
  const shopBooks = foldBooks(shops.flatMap(({ store }) => [...actsOn(store.disk)]))
  if (!isDeepStrictEqual(books.sessions, shopBooks.sessions)) {
    violate(world, 'G4', 'the sessions of the shops are not those of the cloud')
  }
  for (const [id, session] of books.sessions) {
    const { close, closes } = session
    if (close === undefined) continue
    // A till that came back as an older copy of itself closes again what it had closed: a person looks.
    if (closes > 1 && truth.rewound.has(close.author)) continue
    if (closes > 1) violate(world, 'G4', `session ${id} was closed ${closes} times`)
    const { expectedMinor: said } = close
    if (said !== drawerOf(session)) {
      violate(world, 'G4', `session ${id} closed on ${said}, its acts make ${drawerOf(session)}`)
    }
  }
  for (const { id, stream, seq } of cloud.disk.peekAll('fact_id') as IdRow[]) {
    const told = truth.promised.get(id)
    const [row] = cloud.disk.peekRange('fact', stream, seq, seq) as { bytes: Uint8Array }[]
    if (told === undefined || row === undefined) continue
    if (!isDeepStrictEqual(heardOf(row.bytes)?.body, told.body)) {
      violate(world, 'G4', `${id} is not what the paper says`)
    }
  }
}

type Numbered = {
  readonly tillId: string
  readonly receiptNumber: string
  readonly receiptCounter: number
}

/** The number of a fact's receipt or paper. */
function numberedBy({ body }: KnownFact): Numbered | undefined {
  const said = body as Partial<Numbered>
  return said.receiptCounter === undefined ? undefined : (said as Numbered)
}

/** G10: a till's receipts and papers of a day are counted 1, 2, 3 …, none twice. */
export function checkReceipts({ world, truth, cloud }: Fleet): void {
  const days = new Map<string, Map<number, string>>()
  for (const { bytes, id } of actsOn(cloud.disk)) {
    const fact = factOf(bytes)
    if (fact === undefined || truth.rewound.has(fact.author)) continue
    const number = numberedBy(fact)
    if (number === undefined) continue
    const name = `${number.tillId} ${fact.businessDate}`
    const day = days.get(name) ?? new Map<number, string>()
    days.set(name, day)
    const other = day.get(number.receiptCounter)
    if (other !== undefined && other !== id) {
      violate(world, 'G10', `${number.receiptNumber} of ${name} was printed twice`)
    }
    day.set(number.receiptCounter, id)
  }
  for (const [name, day] of days) {
    for (let counter = 1; counter <= day.size; counter += 1) {
      if (day.has(counter)) continue
      violate(world, 'G10', `${name} has ${day.size} receipts, and none numbered ${counter}`)
    }
  }
}
