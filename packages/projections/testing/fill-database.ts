import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import type { FactDraft, SealedFact } from '@tillkeeper/facts/seal/seal.ts'
import { seal } from '@tillkeeper/facts/seal/seal.ts'
import { genesisHash } from '@tillkeeper/facts/seal/stream.ts'
import { connect, type Db, migrate } from '../db.ts'
import { receiveFacts } from '../journal/receive-facts.ts'
import { type Author, feedAuthor, nodeAuthor } from '../journal/record-facts.ts'
import { sha256 } from '../journal/sha256.ts'
import { projectPending } from '../project.ts'
import { signatureTypes } from './drawer-cash.gen.ts'
import { answerTypes } from './expenses.gen.ts'
import { generateRecyclers } from './recycler.gen.ts'
import { editAgain, generateRegisters } from './registers.gen.ts'
import { generateSafe } from './safe.gen.ts'
import {
  type Chain,
  type Chance,
  generateChain,
  generateTrade,
  type MachineUse,
  type TradeOptions,
} from './trade.gen.ts'

/** A stream as its author sealed it. */
export type SealedStream = { readonly author: Author; readonly sealed: readonly SealedFact[] }

export const nowMs = Date.parse('2026-03-02T01:00:00.000Z')
/** The journals of all test databases learn of everything at this instant: so replicas can be compared. */
export const recordedAt = '2026-03-09T10:00:00.123Z'

/** Opens a database with the shared tables. */
export async function openDatabase(url: string): Promise<Db> {
  const db = connect(url, { max: 4 })
  await migrate(db)
  return db
}

/** Seals drafts as one stream. */
export function sealStream(author: Author, drafts: readonly FactDraft[]): SealedStream {
  const head = { stream: author.stream, seq: 0, hash: genesisHash(sha256, author.stream) }
  return {
    author,
    sealed: seal({ ...author, sha256 }, { head, hlc: hlcZero, nowMs }, drafts).sealed,
  }
}

const lookTypes: readonly string[] = [
  'till.explained',
  'till.verified',
  'cash.verified',
  ...answerTypes,
  ...signatureTypes,
]
const isLook = (type: string) => lookTypes.includes(type)

/** A chain's catalogue and people in its feed, and the trade of each till in a stream of its own. */
export function generateStreams(
  chance: Chance,
  chain: Chain,
  options: TradeOptions,
): readonly SealedStream[] {
  const uses: MachineUse[] = []
  const trade = generateTrade(chance, chain, options, uses)
  const tills = chain.shops.flatMap(({ tills }) => tills)
  const registers = generateRegisters(chance, chain)
  const acts = tills.map((tillId) =>
    trade.filter((session) => session.tillId === tillId).flatMap(({ drafts }) => drafts),
  )
  // An act that was sealed twice, such as one that a till took along when it was set up again.
  const twice = acts[0]?.slice(3, 6) ?? []
  const safes = generateSafe(chance, chain, options.days)
  const machines = generateRecyclers(chance, chain, { rounds: options.days, uses })
  const [shop] = chain.shops
  return [
    sealStream(feedAuthor(chain.org, 'org'), registers),
    // Edits of the same fields in another feed, with clock readings of their own.
    sealStream(feedAuthor(chain.org, 'org', 2), editAgain(chance, registers)),
    ...tills.map((tillId, index) => {
      const again = index === tills.length - 1 ? twice : []
      const drafts = [...(acts[index] ?? []).filter(({ type }) => !isLook(type)), ...again]
      return sealStream(nodeAuthor(chain.org, `t-${tillId}`, '1.0'), drafts)
    }),
    // What was looked at is the shop server's to say: it may come before what it is about.
    ...chain.shops.map(({ id }) => {
      const drafts = trade.filter(({ shopId }) => shopId === id).flatMap((each) => each.drafts)
      const looks = drafts.filter(({ type }) => isLook(type))
      return sealStream(nodeAuthor(chain.org, `s-${id}`, '1.0'), looks)
    }),
    ...[...safes, ...machines].map((drafts, index) =>
      sealStream(nodeAuthor(chain.org, `s-${shop?.id}`, `${index + 2}.0`), drafts),
    ),
  ]
}

/** Sends a part of a stream to a database, from a position on, and throws if it is not taken. */
export async function deliver(
  db: Db,
  { author, sealed }: SealedStream,
  { from, count }: { readonly from: number; readonly count: number },
): Promise<void> {
  const facts = sealed.slice(from - 1, from - 1 + count)
  const received = await db.begin((tx) =>
    receiveFacts(tx, {
      org: author.org,
      stream: author.stream,
      from,
      prevHash: sealed[from - 2]?.hash ?? genesisHash(sha256, author.stream),
      facts: facts.map(({ bytes }) => bytes),
      recordedAt,
    }),
  )
  if (received.kind !== 'ok') throw new Error(`${author.stream} is not taken: ${received.code}`)
}

/** Projects all that waits. */
export async function projectAll(db: Db, org: OrgId, batchMax?: number): Promise<void> {
  for (;;) {
    const { more } = await projectPending(db, org, batchMax === undefined ? {} : { batchMax })
    if (!more) return
  }
}

/** A database with days of trade in it, received and projected. */
export async function fillDatabase(
  url: string,
  chance: Chance,
  options: TradeOptions = { days: 2, salesPerSession: 30 },
): Promise<{ db: Db; chain: Chain; org: OrgId; streams: readonly SealedStream[] }> {
  const db = await openDatabase(url)
  const chain = generateChain(chance, {})
  const streams = generateStreams(chance, chain, options)
  for (const stream of streams) {
    await deliver(db, stream, { from: 1, count: stream.sealed.length })
  }
  await projectAll(db, chain.org)
  return { db, chain, org: chain.org, streams }
}
