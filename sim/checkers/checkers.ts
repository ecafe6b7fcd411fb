import type { AckRow } from '@tillkeeper/till-app/journal/database.ts'
import type { Fleet } from '../actors/fleet.ts'
import type { CursorRow, HeadRow } from '../actors/journal.ts'
import type { Machine } from '../actors/node.ts'
import { foldAsTill, spellEntities, spellRegisters } from '../actors/registers.ts'
import { violate } from '../world/world.ts'
import { factOf } from './books.ts'
import { checkChains, checkHeads, headsOf, rowsOf, streamsOf } from './copies.ts'
import {
  checkAcknowledged,
  checkEffects,
  checkMoney,
  checkPromises,
  checkReceipts,
} from './money.ts'

/** A promise that is checked in every world. */
export type Checker = {
  readonly name: string
  readonly what: string
  /** Looks at any moment. */
  readonly during?: (fleet: Fleet) => void
  /** Looks once all have come to rest. */
  readonly atRest?: (fleet: Fleet) => void
}

/** G3: whoever holds a scope has the same registers. */
function checkRegisters({ world, cloud, shops }: Fleet): void {
  const entities = cloud.entities()
  if (entities === undefined) return
  const truth = spellEntities(entities())
  const feed = headsOf(cloud.disk).filter(({ stream }) => stream.startsWith('feed/org@'))
  const tillTruth = spellRegisters(
    foldAsTill(feed.flatMap(({ stream }) => rowsOf(cloud.disk, stream))),
  )
  for (const { store, tills } of shops) {
    const run = store.run()
    if (run !== undefined && spellEntities(run.fold.entities()) !== truth) {
      violate(world, 'G3', `${store.name} has other registers than the cloud`)
    }
    for (const till of tills) {
      const node = till.node()
      if (node !== undefined && spellRegisters(node.inbox.registers()) !== tillTruth) {
        violate(world, 'G3', `${till.name} has other registers than the cloud`)
      }
    }
  }
}

const durableSeq = ({ disk }: Machine, stream: string): number =>
  (disk.peekDurable('head', [stream, 0]) as HeadRow | undefined)?.seq ?? 0

/** G6: nobody believes that a parent has more than lies on its platter, but for what it lost since. */
function checkCursors({ world, truth, cloud, shops }: Fleet): void {
  const check = (child: string, parent: Machine, stream: string, seq: number) => {
    if (truth.rewound.has(parent.name) || seq <= durableSeq(parent, stream)) return
    violate(world, 'G6', `${child} believes that ${parent.name} has ${stream} up to ${seq}`)
  }
  for (const { store, tills } of shops) {
    for (const { stream, ackedSeq } of store.disk.peekAll('cursor') as CursorRow[]) {
      check(store.name, cloud, stream, ackedSeq)
    }
    for (const { disk, name } of tills) {
      for (const { stream, ackedSeq, cloudSeq } of disk.peekAll('ack') as AckRow[]) {
        check(name, store, stream, ackedSeq)
        check(name, cloud, stream, cloudSeq)
      }
    }
  }
}

/** G7: nobody holds what is not in its scopes. */
function checkScopes({ world, shops }: Fleet): void {
  for (const { store, tills, plan } of shops) {
    const starts = [
      ...[store.author, ...tills.map(({ author }) => author)].map((author) => `${author}:`),
      ...['org', 'customers', `shop:${plan.shopId}`, `credentials:${plan.shopId}`].map(
        (scope) => `feed/${scope}@`,
      ),
    ]
    for (const { stream } of headsOf(store.disk)) {
      if (!starts.some((start) => stream.startsWith(start))) {
        violate(world, 'G7', `${store.name} holds ${stream}`)
      }
    }
    for (const { disk, name, author } of tills) {
      for (const { stream } of disk.peekAll('feed') as { stream: string }[]) {
        if (!stream.startsWith('feed/org@')) violate(world, 'G7', `${name} holds ${stream}`)
      }
      for (const { stream } of streamsOf(disk)) {
        if (!stream.startsWith(`${author}:`)) violate(world, 'G7', `${name} holds ${stream}`)
      }
    }
  }
}

/** G8: the clock readings of a node's facts rise in the order in which it sealed them. */
function checkClocks({ world, truth, cloud }: Fleet): void {
  const last = new Map<string, string>()
  for (const { stream, seq, hash, bytes } of truth.sealed.values()) {
    if (stream.startsWith('feed/')) continue
    // What never got to anybody's disk was read by nobody: the clock may read the same again.
    const [row] = cloud.disk.peekRange('fact', stream, seq, seq) as { hash: Uint8Array }[]
    if (row === undefined || Buffer.compare(row.hash, hash) !== 0) continue
    const fact = factOf(bytes)
    if (fact === undefined || truth.rewound.has(fact.author)) continue
    if (fact.hlc <= (last.get(fact.author) ?? '')) {
      violate(world, 'G8', `${fact.author} sealed ${stream} ${seq} with a clock that did not rise`)
    }
    last.set(fact.author, fact.hlc)
  }
}

/** Bytes on one line at once: four batches up and two down, each of 4 MiB, sent twice, and a hello. */
const inFlightBytesMax = 64 * 1_048_576
/** Six of a run, and those of runs that failed before and are still waited for: 30 s each. */
const exchangesMax = 60
/** Events that wait for one machine: timers of its link, and messages. */
const waitingPerMachineMax = 400

/** G11: queues are bounded. */
function checkBounds({ world, shops }: Fleet): void {
  for (const { name, inFlightMax, exchangesMax: exchanges } of world.network.lines()) {
    if (exchanges > exchangesMax) {
      violate(world, 'G11', `${name} waited for ${exchanges} answers at once`)
    }
    if (inFlightMax > inFlightBytesMax) {
      violate(world, 'G11', `${inFlightMax} bytes were on the line of ${name}`)
    }
  }
  const count = shops.reduce((all, { tills }) => all + 1 + tills.length, 1)
  if (world.time.waiting() > count * waitingPerMachineMax) {
    violate(world, 'G11', `${world.time.waiting()} events wait for ${count} machines`)
  }
}

/** All global checkers but G9 (`settle`) and G12 (a run is repeated). */
export const checkers: readonly Checker[] = [
  {
    name: 'G1',
    what: 'no acknowledged fact is lost',
    atRest: (fleet) => {
      checkPromises(fleet)
      checkAcknowledged(fleet)
    },
  },
  { name: 'G2', what: 'each id has one effect everywhere', atRest: checkEffects },
  { name: 'G3', what: 'the same scope has the same registers', atRest: checkRegisters },
  { name: 'G4', what: 'money is conserved', atRest: checkMoney },
  {
    name: 'G5',
    what: 'a copy is a first part of a sealed history',
    during: checkHeads,
    atRest: checkChains,
  },
  {
    name: 'G6',
    what: 'cursors are never ahead of durable data',
    during: checkCursors,
    atRest: checkCursors,
  },
  {
    name: 'G7',
    what: 'no data outside of its scopes',
    during: checkScopes,
    atRest: checkScopes,
  },
  { name: 'G8', what: 'clocks rise', atRest: checkClocks },
  { name: 'G10', what: 'receipt numbers are unique and have no gap', atRest: checkReceipts },
  { name: 'G11', what: 'queues are bounded', during: checkBounds, atRest: checkBounds },
]

const everyMs = 20_000
/** At night, while shops are switched off, nothing moves. */
const nightEveryMs = 3_600_000

/** Looks now and then, for as long as the world lives. */
export function watchFleet(fleet: Fleet): void {
  const { time } = fleet.world
  const look = () => {
    for (const { during } of checkers) during?.(fleet)
    const awake = fleet.shops.some(({ store }) => store.running() !== undefined)
    time.after(awake ? everyMs : nightEveryMs, look)
  }
  time.after(everyMs, look)
}

/** Looks at everything, once all have come to rest. */
export function checkAtRest(fleet: Fleet): void {
  for (const { atRest } of checkers) atRest?.(fleet)
}
