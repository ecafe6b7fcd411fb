import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { accepted } from '@tillkeeper/core/base/outcome.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import { authorStreamId, type Lane, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { createPokeHub, type PokeHub } from '@tillkeeper/http/sync/poke-hub.ts'
import type { Acked, Inbox, Outbox } from '@tillkeeper/sync/link/ports.ts'
import { type Link, runLink } from '@tillkeeper/sync/link/run-link.ts'
import type { HelloReply } from '@tillkeeper/sync/message/messages.ts'
import type { Volume } from '../world/disk.ts'
import type { World } from '../world/world.ts'
import { defaultLimits, feedsOf, noteAcked } from './cloud.ts'
import { sha256 } from './hash.ts'
import { type CursorRow, type Journal, openJournal } from './journal.ts'
import { type Alarm, type Machine, makeMachine, noteAlarm, watchState } from './node.ts'
import { parentIdentity } from './parent-identity.ts'
import { answerSync, type Child, type ParentSide, refusal } from './parent-side.ts'
import type { Process } from './process.ts'
import { type FeedFold, foldFeeds } from './registers.ts'
import {
  epochOf,
  type IdentityRow,
  readIdentity,
  storeMender,
  storeSelf,
  writeIdentity,
} from './store-identity.ts'
import type { Truth } from './truth.ts'
import { findLostAck, makeWire, type Server } from './wire.ts'

export type StoreRun = {
  readonly journal: Journal
  readonly hub: PokeHub
  readonly link: Link
  readonly side: ParentSide
  readonly fold: FeedFold
  /** Who it is now: the epoch may change while it runs. */
  readonly identity: () => IdentityRow
}

/** A shop's server: parent of its tills, child of the cloud. */
export type Store = Machine & {
  readonly author: string
  readonly shopId: string
  readonly server: Server
  /** Writes who it is on an empty disk, as an enrolment does. */
  readonly enrol: (major: number) => void
  readonly boot: () => void
  readonly shutDown: () => Promise<void>
  readonly run: () => StoreRun | undefined
  /** Seals acts of the server itself. It resolves once they are durable; what is sent wakes by itself. */
  readonly record: (drafts: readonly FactDraft[], lane?: Lane) => Promise<void>
  readonly children: Map<string, Child>
  /** Streams that stopped, and why, since the start of the world. */
  readonly alarms: Alarm[]
  limits: HelloReply['limits']
}

type Deps = {
  readonly world: World
  readonly truth: Truth
  readonly org: string
  readonly author: string
  readonly shopId: string
  /** The cloud, as this shop reaches it. */
  readonly parent: Server
  /** Of the machine: left out, the author's. A copy of a machine speaks as the same author. */
  readonly name?: string
}

export function makeStore(deps: Deps): Store {
  const { world, truth, author, shopId } = deps
  const { name = author } = deps
  const machine = makeMachine(world, truth, { name, authors: [`${author}:`] })
  let run: StoreRun | undefined
  const store: Store = {
    ...machine,
    author,
    shopId,
    children: new Map(),
    alarms: [],
    limits: defaultLimits,
    boot: () => {
      const { process, volume } = machine.begin()
      start(deps, store, { process, volume }).then(
        (started) => {
          if (started === undefined) return machine.end()
          run = started
          run.link.start()
        },
        () => machine.end(),
      )
    },
    run: () => run,
    record: async (drafts, lane = 'business') => {
      if (run === undefined) throw new Error(`${author} is down`)
      const { journal, link, identity } = run
      const epoch = epochOf(identity())
      const stream = authorStreamId(author, epoch, lane)
      await journal.author({ org: deps.org, author, epoch, sha256 }, stream, drafts)
      link.wake()
    },
    enrol: (major) => {
      const row: IdentityRow = { author, epochMajor: major, epochMinor: 0, running: false }
      machine.disk.rot('file', ['node.json', 0], () => row)
    },
    crash: (...how) => {
      run = undefined
      machine.crash(...how)
    },
    shutDown: async () => {
      if (run === undefined) return machine.end()
      const identity = run.identity()
      run.link.stop()
      run = undefined
      // A clean stop takes no more requests, and is noted last.
      const volume = machine.disk.mount()
      machine.running()?.end()
      // Where it cannot be noted, the stop was not a clean one; the program ends all the same.
      await writeIdentity(volume, { ...identity, running: false }).catch(() => {})
      machine.end()
    },
    server: {
      name: author,
      process: () => (run === undefined ? undefined : machine.running()),
      answer: async (token, request) => {
        const child = store.children.get(token)
        if (run === undefined || child === undefined) return refusal(401, 'unauthorised')
        return answerSync(run.side, child, request)
      },
      listen: (token, send) => {
        const child = store.children.get(token)
        return run === undefined || child === undefined
          ? undefined
          : listen(run, deps.org, child, send)
      },
    },
  }
  return store
}

/** Starts the program; `undefined` on a disk that was never enrolled. */
async function start(
  { world, org, author, parent }: Deps,
  store: Store,
  { process, volume }: { readonly process: Process; readonly volume: Volume },
): Promise<StoreRun | undefined> {
  const found = readIdentity(volume)
  if (found === undefined) return undefined
  const epochMinor = found.epochMinor + (found.running ? 1 : 0)
  world.counters.count(found.running ? 'epoch.minor_raised' : 'epoch.continued')
  let identity: IdentityRow = { ...found, epochMinor, running: true }
  // It is written down before anything is sealed under it.
  await writeIdentity(volume, identity)
  const journal = openJournal({ volume, org, nowMs: store.clock.nowMs })
  const hub = createPokeHub()
  const chance = world.chance.fork(`${store.name} ${world.time.nowMs()}`)
  const wire = makeWire({ world, name: store.name, process, server: parent, token: () => author })
  const knowing = {
    ...{ world, volume, journal, org, wire, chance: chance.fork('words') },
    nowMs: store.clock.nowMs,
    identity: () => identity,
    change: (next: IdentityRow) => {
      identity = next
    },
    onMended: () => link.greet(),
  }
  const mender = storeMender(knowing)
  const link: Link = runLink({
    node: author,
    epoch: () => epochOf(identity),
    build: 'sim',
    self: storeSelf(knowing, mender.cloned),
    now: store.clock.isoNow,
    random: chance.next,
    timer: process.timer,
    wire,
    outbox: storeOutbox(store, journal, hub, org),
    inbox: storeInbox(journal, hub, org),
    onState: watchState(world, store.name),
    onAlarm: (stream, why) => {
      noteAlarm(store, stream, why)
      mender.stopped(stream, why)
    },
    onFault: (error) => world.trace.note(`${store.name} fault ${String(error)}`),
  })
  const side = parentSide(store, journal, link)
  return {
    ...{ journal, hub, link, identity: () => identity },
    side: { ...side, ...parentIdentity({ world, volume, journal, authorsOf: side.authorsOf }) },
    fold: foldFeeds({ feeds: () => journal.heads('feed'), rows: journal.rows }),
  }
}

function listen(
  { hub, journal }: StoreRun,
  org: string,
  { author }: Child,
  send: (text: string) => void,
): () => void {
  const leave = hub.join({
    org: org as OrgId,
    author,
    scopes: new Set(['org']),
    send: (poke) => send(JSON.stringify(poke)),
  })
  const cloud = journal
    .heads('author')
    .filter(({ stream }) => stream.startsWith(`${author}:`))
    .map(({ stream }) => ({ stream, seq: cloudSeqOf(journal, stream) }))
  send(JSON.stringify({ feeds: feedsOf(journal, ['org']), cloud }))
  return leave
}

/** No more than we hold: what was restored from a backup forgot, the cursor did not. */
function cloudSeqOf(journal: Journal, stream: StreamId): number {
  return Math.min(journal.head(stream).seq, journal.cursor(stream).ackedSeq)
}

function parentSide(store: Store, journal: Journal, link: Link): ParentSide {
  const { world } = store
  return {
    journal,
    isoNow: store.clock.isoNow,
    cloudSeqOf: (stream) => cloudSeqOf(journal, stream),
    scopesOf: () => ['org'],
    authorsOf: (child) => new Set([child.author]),
    limits: () => store.limits,
    onReceived: (_child, stream, added) => {
      if (added === 0) world.counters.count('push.duplicate_dropped')
      noteAcked(store.truth, journal, stream, added)
      if (added > 0) link.wake()
    },
    onNack: (child, stream, code) =>
      world.trace.note(`${store.name} nacks ${child.author} ${stream} ${code}`),
  }
}

function storeOutbox(store: Store, journal: Journal, hub: PokeHub, org: string): Outbox {
  const { world } = store
  const note = async (rows: readonly CursorRow[]) => {
    const news = rows.filter((row) => {
      const held = journal.cursor(row.stream)
      return held.ackedSeq !== row.ackedSeq || held.cloudSeq !== row.cloudSeq
    })
    if (news.length === 0) return
    if (news.some((row) => row.ackedSeq < journal.cursor(row.stream).ackedSeq)) {
      world.counters.count('parent.rolled_back')
    }
    await journal.noteCursors(news)
    hub.cloudHas(
      org as OrgId,
      news.map(({ stream, cloudSeq: seq }) => ({ stream, seq })),
    )
  }
  return {
    heads: async () =>
      journal.heads('author').map(({ stream, seq, hash }) => ({
        stream,
        seq,
        hash,
        ackedSeq: journal.cursor(stream).ackedSeq,
      })),
    // A cloud that came back from a backup is given the end of its feeds back.
    offersFeeds: true,
    hashAt: async (stream, seq) => journal.hashAt(stream, seq),
    read: async (stream, after, bounds) => journal.read(stream, after, bounds),
    noteAcks: (acks: readonly Acked[]) =>
      note(
        acks
          .filter(({ stream }) => !stream.startsWith('feed/'))
          .map(({ stream, seq }) => {
            findLostAck(world, store.author, stream, seq)
            // The cloud is the parent here, so both watermarks are one; a restored cloud is believed.
            return { stream, ackedSeq: seq, cloudSeq: seq }
          }),
      ),
    noteCloud: (positions) =>
      note(
        positions.map(({ stream, seq }) => {
          const held = journal.cursor(stream)
          return { ...held, cloudSeq: Math.max(held.cloudSeq, seq) }
        }),
      ),
  }
}

function storeInbox(journal: Journal, hub: PokeHub, org: string): Inbox {
  return {
    feeds: async () => journal.heads('feed'),
    receive: async (batch) => {
      const received = await journal.receive(batch)
      if (!received.ok) return received
      const { seq } = received.value
      hub.feedGrew(org as OrgId, { stream: batch.stream, seq })
      return accepted({ seq })
    },
  }
}
