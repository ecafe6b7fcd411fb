import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import { feedStreamId, parseStreamId, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { createPokeHub, type PokeHub } from '@tillkeeper/http/sync/poke-hub.ts'
import { batchBytesMax, type HelloReply } from '@tillkeeper/sync/message/messages.ts'
import type { Write } from '../world/disk.ts'
import type { World } from '../world/world.ts'
import { sha256 } from './hash.ts'
import { type Journal, openJournal } from './journal.ts'
import { type Machine, makeMachine } from './node.ts'
import { parentIdentity, type WordsRow } from './parent-identity.ts'
import { answerSync, type Child, type ParentSide, refusal } from './parent-side.ts'
import { type FeedFold, foldFeeds } from './registers.ts'
import { type Relay, relayEdits } from './relay.ts'
import type { Truth } from './truth.ts'
import type { Server } from './wire.ts'

/** The cloud: parent of the store servers, author of the feeds. */
export type Cloud = Machine & {
  readonly server: Server
  readonly boot: () => void
  readonly shutDown: () => void
  /** `undefined` while it does not run. */
  readonly journal: () => Journal | undefined
  readonly entities: () => FeedFold['entities'] | undefined
  /** Writes in the feed of a scope. It resolves once it is durable; it fails while the cloud is down. */
  readonly say: (scope: string, drafts: readonly FactDraft[]) => Promise<void>
  /** Edits of shops that are held back, since their clock is far ahead. */
  readonly parked: () => readonly string[]
  /** Who may sync, by token. */
  readonly children: Map<string, Child & { readonly authors: ReadonlySet<string> }>
  /** What it asks of children now; a scenario may change it. */
  limits: HelloReply['limits']
  /** The epoch in which feeds are written. Those before it are closed. */
  feedEpoch: number
  /** Its operator says that what lies on its disk came from a backup. It does not run. */
  readonly restored: () => void
}

export const defaultLimits: HelloReply['limits'] = {
  factsMax: 1_000,
  bytesMax: batchBytesMax,
  delayMs: 0,
}

type Running = {
  readonly journal: Journal
  readonly hub: PokeHub
  readonly side: ParentSide
  readonly fold: FeedFold
  readonly relay: Relay
}

export function makeCloud(world: World, truth: Truth, org: string): Cloud {
  const machine = makeMachine(world, truth, { name: 'cloud', authors: ['feed/'] })
  let running: Running | undefined
  const boot = () => {
    const { volume, process } = machine.begin()
    const journal = openJournal({ volume, org, nowMs: machine.clock.nowMs })
    const hub = createPokeHub()
    const fold = foldFeeds({ feeds: () => journal.heads('feed'), rows: journal.rows })
    const relay = relayEdits({
      ...{ volume, journal, trustedMs: machine.clock.nowMs, after: process.timer.after },
      say: (drafts, alongside) =>
        sayIn({ journal, hub }, cloud, org, { scope: 'org', drafts, alongside }),
      onFault: (error) => world.trace.note(`cloud cannot relay: ${String(error)}`),
    })
    const authorsOf = (child: Child) => cloud.children.get(child.author)?.authors ?? new Set()
    const known = parentIdentity({ world, volume, journal, authorsOf })
    const side = { ...parentSide(cloud, journal, relay), ...known }
    running = { journal, hub, fold, relay, side }
    relay.wake()
  }
  const cloud: Cloud = {
    ...machine,
    children: new Map(),
    limits: defaultLimits,
    feedEpoch: 1,
    restored: () => {
      cloud.feedEpoch += 1
      // What children said since is forgotten: none of them is a copy for it.
      for (const { author, major } of machine.disk.peekAll('words') as WordsRow[]) {
        machine.disk.rot('words', [`${author}/${major}`, 0], () => undefined)
      }
    },
    boot,
    shutDown: () => {
      running = undefined
      machine.end()
    },
    crash: (...how) => {
      running = undefined
      machine.crash(...how)
    },
    journal: () => running?.journal,
    entities: () => running?.fold.entities,
    say: async (scope, drafts) => {
      if (running === undefined) throw new Error('the cloud is down')
      await sayIn(running, cloud, org, { scope, drafts })
    },
    parked: () => running?.relay.parked().map(({ id }) => id) ?? [],
    server: {
      name: 'cloud',
      process: machine.running,
      answer: async (token, request) => {
        const child = cloud.children.get(token)
        if (running === undefined || child === undefined) return refusal(401, 'unauthorised')
        return answerSync(running.side, child, request)
      },
      listen: (token, send) => {
        const child = cloud.children.get(token)
        if (running === undefined || child === undefined) return undefined
        const { hub, journal, side } = running
        const scopes = side.scopesOf(child)
        const leave = hub.join({
          org: org as OrgId,
          author: child.author,
          scopes: new Set(scopes),
          send: (poke) => send(JSON.stringify(poke)),
        })
        send(JSON.stringify({ feeds: feedsOf(journal, scopes), cloud: [] }))
        return leave
      },
    },
  }
  return cloud
}

type Saying = {
  readonly scope: string
  readonly drafts: readonly FactDraft[]
  readonly alongside?: readonly Write[]
}

async function sayIn(
  { journal, hub }: Pick<Running, 'journal' | 'hub'>,
  cloud: Cloud,
  org: string,
  { scope, drafts, alongside = [] }: Saying,
): Promise<void> {
  const stream = feedStreamId(scope, cloud.feedEpoch)
  const sealer = { org, author: 'cloud', epoch: '1.0', sha256 }
  const sealed = await journal.author(sealer, stream, drafts, alongside)
  hub.feedGrew(org as OrgId, { stream, seq: sealed.at(-1)?.fact.seq ?? 0 })
}

function parentSide(cloud: Cloud, journal: Journal, relay: Relay): ParentSide {
  const { world } = cloud
  return {
    journal,
    isoNow: cloud.clock.isoNow,
    cloudSeqOf: (stream) => journal.head(stream).seq,
    scopesOf: ({ shopId }) => ['org', `credentials:${shopId}`],
    authorsOf: (child) => cloud.children.get(child.author)?.authors ?? new Set(),
    limits: () => cloud.limits,
    adopts: ({ shopId }, stream) => {
      const name = parseStreamId(stream)
      const own = ['org', `credentials:${shopId}`]
      return (
        name?.kind === 'feed' && own.includes(name.scope) && Number(name.epoch) < cloud.feedEpoch
      )
    },
    onReceived: (_child, stream, added) => {
      if (added === 0) world.counters.count('push.duplicate_dropped')
      noteAcked(cloud.truth, journal, stream, added)
      if (added > 0 && stream.startsWith('s-')) relay.wake()
    },
    onNack: (child, stream, code) =>
      world.trace.note(`cloud nacks ${child.author} ${stream} ${code}`),
  }
}

/** What was new in a batch is acknowledged from here on. */
export function noteAcked(truth: Truth, journal: Journal, stream: StreamId, added: number): void {
  const { seq } = journal.head(stream)
  for (const { id } of journal.rows(stream, seq - added + 1, seq)) truth.acked.add(id)
}

/** The feeds of some scopes, as a first poke says them. */
export function feedsOf(journal: Journal, scopes: readonly string[]) {
  return journal
    .heads('feed')
    .filter(({ stream }) => scopes.some((scope) => stream.startsWith(`feed/${scope}@`)))
    .map(({ stream, seq }) => ({ stream, seq }))
}
