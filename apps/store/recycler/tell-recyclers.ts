import { randomBytes } from 'node:crypto'
import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted } from '@tillkeeper/core/base/outcome.ts'
import type { RecyclerState } from '@tillkeeper/devices/cash-recycler/recycler-state.ts'
import type { RecyclerNews } from '@tillkeeper/devices/cash-recycler/run-recycler.ts'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import type { RecyclerStock, RecyclerToldBody } from '@tillkeeper/facts/catalogue/recycler.ts'
import { canonicalJson } from '@tillkeeper/facts/seal/canonical.ts'
import { authorStreamId } from '@tillkeeper/facts/seal/stream.ts'
import { transact } from '@tillkeeper/projections/db.ts'
import { recordFacts } from '@tillkeeper/projections/journal/record-facts.ts'
import { ensureStream } from '@tillkeeper/projections/journal/stream-sql.ts'
import { type Machine, readTold } from '@tillkeeper/projections/recycler/recycler-sql.ts'
import type { StoreNode } from '../act/record-act.ts'
import { readShopTerms } from '../till/session-sql.ts'

// How machines are and what they hold, for whoever is not near them: `recycler.told`, on the lane that never stands
// before money. Only what is news is told; what changes fast is told at its last word.

/** Between two words on what a machine holds, and on how it is: the first is said at once. */
const gapMs = { stock: 3_000, condition: 1_000 } as const
/** A machine that did not answer so long after the start is out of reach. */
const firstMs = 15_000
const retryMs = 5_000

type Condition = NonNullable<RecyclerToldBody['condition']>
type Word = { readonly condition?: Condition; readonly stock?: RecyclerStock }

export type Teller = {
  readonly opened: (machine: Machine, state: () => RecyclerState) => void
  readonly news: (machine: Machine, news: RecyclerNews) => void
  readonly closed: (recyclerId: string) => void
  /** Resolves when what was being written is. */
  readonly stop: () => Promise<void>
}

/** What is known of one machine's words. */
type Voice = {
  readonly recyclerId: string
  readonly state: () => RecyclerState
  /** What was told last, as text; read from the journal's tables before the first word. */
  told: { condition?: string; stock?: string } | undefined
  waiting: Word
  saidAt: { stock: number; condition: number }
  stopTimer: () => void
  writing: Promise<void> | undefined
  closed: boolean
}

type Deps = {
  readonly node: StoreNode
  readonly after: (ms: number, then: () => void) => () => void
  readonly nowMs: () => number
  readonly onFault: (error: unknown) => void
}

/** Tells of machines by facts. */
export function createTeller(deps: Deps): Teller {
  const voices = new Map<string, Voice>()
  const left = new Set<Promise<void>>()
  const say = (voice: Voice, word: Word) => {
    voice.waiting = { ...voice.waiting, ...word }
    schedule(deps, voice)
  }
  return {
    opened: ({ id: recyclerId }, state) => {
      const voice: Voice = {
        ...{ recyclerId, state, told: undefined, waiting: {}, closed: false },
        ...{
          saidAt: { stock: -Infinity, condition: -Infinity },
          stopTimer: () => {},
          writing: undefined,
        },
      }
      voices.set(recyclerId, voice)
      // A machine that was there when the server died, and is not now, never says that it is gone.
      const stopFirst = deps.after(firstMs, () => {
        if (state().at === 'offline') say(voice, { condition: { is: 'offline' } })
      })
      voice.stopTimer = stopFirst
    },
    news: ({ id }, news) => {
      const voice = voices.get(id)
      if (voice === undefined) return
      if (news.type === 'condition') say(voice, { condition: news.condition })
      else if (news.type === 'seen') say(voice, { stock: news.stock })
    },
    closed: (recyclerId) => {
      const voice = voices.get(recyclerId)
      if (voice === undefined) return
      voice.closed = true
      voice.stopTimer()
      voices.delete(recyclerId)
      const { writing } = voice
      if (writing === undefined) return
      left.add(writing)
      void writing.finally(() => left.delete(writing))
    },
    stop: async () => {
      const writing = [...voices.values()].map((voice) => {
        voice.closed = true
        voice.stopTimer()
        return voice.writing
      })
      await Promise.all([...writing, ...left])
    },
  }
}

function schedule(deps: Deps, voice: Voice, atLeastMs = 0): void {
  if (voice.closed || voice.writing !== undefined) return
  const kinds = (['condition', 'stock'] as const).filter(
    (kind) => voice.waiting[kind] !== undefined,
  )
  if (kinds.length === 0) return
  const dueMs = Math.min(...kinds.map((kind) => voice.saidAt[kind] + gapMs[kind] - deps.nowMs()))
  voice.stopTimer()
  voice.stopTimer = deps.after(Math.max(0, dueMs, atLeastMs), () => {
    voice.writing = speak(deps, voice)
      .then(
        () => 0,
        (error: unknown) => {
          deps.onFault(error)
          return retryMs
        },
      )
      .then((waitMs) => {
        voice.writing = undefined
        schedule(deps, voice, waitMs)
      })
  })
}

/** Writes what waits and is news. */
async function speak({ node, nowMs }: Deps, voice: Voice): Promise<void> {
  voice.told ??= await readSaid(node, voice.recyclerId)
  const { waiting, told } = voice
  // What it held before an attempt is no news after it: the attempt's own end says what it holds.
  const stock = waiting.stock !== undefined && holds(voice.state(), waiting.stock)
  const word: Word = {
    ...(waiting.condition !== undefined &&
      canonicalJson(waiting.condition) !== told.condition && { condition: waiting.condition }),
    ...(stock && canonicalJson(waiting.stock) !== told.stock && { stock: waiting.stock }),
  }
  if (Object.keys(word).length > 0) await journalTold(node, voice.recyclerId, word)
  if (word.condition !== undefined) told.condition = canonicalJson(word.condition)
  if (word.stock !== undefined) told.stock = canonicalJson(word.stock)
  const at = nowMs()
  if (waiting.condition !== undefined) voice.saidAt.condition = at
  if (waiting.stock !== undefined) voice.saidAt.stock = at
  // What came while it was written is said in its turn.
  const { condition = undefined, stock: held = undefined } = voice.waiting
  voice.waiting = {
    ...(condition !== undefined && condition !== waiting.condition && { condition }),
    ...(held !== undefined && held !== waiting.stock && { stock: held }),
  }
}

function holds(state: RecyclerState, stock: RecyclerStock): boolean {
  return state.at === 'idle' ? state.stock === stock : state.at === 'stopped' && !state.open
}

async function readSaid({ db, org }: StoreNode, recyclerId: string) {
  const { condition, stock } = await readTold(db, org, recyclerId)
  return {
    ...(condition !== null && { condition: canonicalJson(condition) }),
    ...(stock !== null && { stock: canonicalJson(stock) }),
  }
}

async function journalTold(node: StoreNode, recyclerId: string, word: Word): Promise<void> {
  const { org, shopId, author } = node
  const stream = authorStreamId(author.author, author.epoch, 'telemetry')
  await ensureStream(node.db, org, stream)
  const now = node.now()
  const occurredAt = now.toISOString()
  const type = 'recycler.told'
  await transact(node.writeDb, async (tx) => {
    const { timeZone } = await readShopTerms(tx, org, shopId)
    const draft = {
      ...{ id: uuidv7(now.getTime(), randomBytes(10)), type, v: catalogue[type].v },
      ...{
        scope: `shop:${shopId}`,
        actor: `node:${author.author}`,
        occurredAt,
        keys: [],
        refs: [],
      },
      businessDate: businessDateOf(occurredAt, timeZone),
      body: { shopId, recyclerId, ...word },
    }
    const when = { nowMs: now.getTime(), recordedAt: occurredAt }
    await recordFacts(tx, { ...author, stream }, [draft], when)
    return accepted(undefined)
  })
  node.onRecorded()
}
