import { randomBytes } from 'node:crypto'
import { type SessionId, type StaffId, type TillId, uuidv7 } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import {
  cashOf,
  decideResolveRecycler,
  type ResolveRecycler,
  type ResolveRecyclerRefusal,
} from '@tillkeeper/core/recycler/resolve-recycler.ts'
import type { Attempt, Stock } from '@tillkeeper/devices/cash-recycler/contract.ts'
import type { RecyclerEffect } from '@tillkeeper/devices/cash-recycler/recycler-state.ts'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import type {
  RecyclerFact,
  RecyclerStartedBody,
  RecyclerStock,
} from '@tillkeeper/facts/catalogue/recycler.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import { type Tx, transact } from '@tillkeeper/projections/db.ts'
import { recordFacts } from '@tillkeeper/projections/journal/record-facts.ts'
import {
  findOpenAttempt,
  findUnresolved,
  isSettled,
  type NotedAttempt,
  readMachineStock,
} from '@tillkeeper/projections/recycler/recycler-sql.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  holdNode,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'
import { readShopTerms } from '../till/session-sql.ts'

/** Who asked a machine for something, and where. */
export type AskedBy = {
  readonly staffId: StaffId
  /** The system that asked for them, as facts name it: `key:<id>`. */
  readonly asker?: string | undefined
  readonly tillId?: TillId | undefined
  readonly sessionId?: SessionId | undefined
  /** What the money is moved for. */
  readonly links?: RecyclerStartedBody['links'] | undefined
}

/** An attempt with its machine and who asked for it. */
export type Asked = {
  readonly recyclerId: string
  readonly by: AskedBy
}

export type Ended = Extract<RecyclerEffect, { type: 'ended' }>

/**
 * Writes an intent down before its machine hears of it. It rejects where the id is taken: its machine was told then,
 * and is told nothing now.
 */
export function noteAttempt(node: StoreNode, asked: Asked, attempt: Attempt): Promise<void> {
  return journal(node, asked, async (tx) => {
    const { prior } = await holdNode(tx, node.author, [attempt.attemptId])
    if (prior.size > 0) throw new Error(`the id ${attempt.attemptId} is in the journal already`)
    const { attemptId, seqNo, before } = attempt
    const { links } = asked.by
    const said = links !== undefined && Object.keys(links).length > 0 ? { links } : {}
    const body = { ...aboutOf(node, asked, attempt), seqNo, before, ...said }
    const untold = await findOpenAttempt(tx, node.org, asked.recyclerId)
    return [
      ...(untold === undefined ? [] : [untoldEnd(node, asked.recyclerId, untold)]),
      { id: attemptId, type: 'recycler.started', body },
    ]
  })
}

/**
 * The end of an intent whose machine was never told: all that a machine hears has its end in the journal before the
 * next is noted, so one without an end was written by a journal that did not say so. After the next one's work it
 * would be looked for in what the machine holds, and found.
 */
function untoldEnd(node: StoreNode, recyclerId: string, untold: NotedAttempt): Draft {
  const { staffId, tillId, sessionId, currency } = untold
  const by = { staffId, tillId: tillId ?? undefined, sessionId: sessionId ?? undefined }
  const nothing = cashOf(currency, [])
  const body = {
    ...aboutOf(node, { recyclerId, by }, untold),
    ...{ ending: 'not_done', certain: true, because: 'nothing', in: nothing, out: nothing },
  }
  return { id: newId(node), type: 'recycler.settled', body }
}

/**
 * Writes down how an attempt ended, with what the machine holds otherwise than that makes it; twice is once, so it
 * is repeated until it succeeds.
 */
export function concludeAttempt(node: StoreNode, asked: Asked, ended: Ended): Promise<void> {
  return journal(node, asked, async (tx) => {
    await holdNode(tx, node.author, [])
    const { attempt, settled, after, differences } = ended
    if (await isSettled(tx, node.org, attempt.attemptId)) return []
    const { currency, attemptId } = attempt
    const { ending, certain, because, code } = settled
    const boxed = differences.length === 0 ? boxedBy(attempt, after) : []
    const body = {
      ...{ ...aboutOf(node, asked, attempt), ending, certain, because },
      ...{ in: cashOf(currency, settled.in), out: cashOf(currency, settled.out) },
      ...(code !== undefined && { code }),
      ...(after !== undefined && { after }),
      ...(boxed.length > 0 && { boxed: cashOf(currency, boxed) }),
    }
    const end: Draft = { id: newId(node), type: 'recycler.settled', body }
    return [
      end,
      ...(differences.length === 0 ? [] : [differed(node, asked, differences, attemptId)]),
    ]
  })
}

/** A person says how an attempt ended that nobody knew the end of, what a machine counted, or both. */
export function resolveRecycler(
  node: StoreNode,
  acting: Acting,
  recyclerId: string,
  command: ResolveRecycler<RecyclerStock[number]>,
): Promise<Outcome<Done, ResolveRecyclerRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct<ResolveRecyclerRefusal>(node, acting, async (tx, occurredAt) => {
    const attemptId = command.attempt?.attemptId
    const [stock, attempt, { timeZone }] = await Promise.all([
      readMachineStock(tx, org, { shopId, recyclerId }),
      attemptId === undefined ? undefined : findUnresolved(tx, org, { recyclerId, attemptId }),
      readShopTerms(tx, org, shopId),
    ])
    const decided = decideResolveRecycler({ shopId, recyclerId, ...stock, attempt }, command)
    if (!decided.ok) return decided
    return accepted({
      ...envelope(
        { id: acting.id, type: 'recycler.resolved', body: decided.value },
        recyclerId,
        node,
      ),
      ...{ actor: acting.actor, occurredAt, businessDate: businessDateOf(occurredAt, timeZone) },
    })
  })
}

/** A fact of a machine before it is sealed. */
export type Draft = {
  readonly id: string
  readonly type: RecyclerFact['type']
  readonly body: object
}

export const newId = ({ now }: StoreNode) => uuidv7(now().getTime(), randomBytes(10))

/** What one machine does waits for what it did before: its facts share a key. */
const envelope = ({ id, type, body }: Draft, recyclerId: string, { shopId }: StoreNode) => ({
  ...{ id, type, v: catalogue[type].v, scope: `shop:${shopId}`, refs: [] },
  ...{ keys: [`recycler:${recyclerId}`], body },
})

function aboutOf({ shopId }: StoreNode, { recyclerId, by }: Asked, attempt: Attempt) {
  const { attemptId, currency, work } = attempt
  const { staffId, tillId, sessionId } = by
  return {
    ...{ shopId, recyclerId, staffId, attemptId, currency, work },
    ...(tillId !== undefined && { tillId }),
    ...(sessionId !== undefined && { sessionId }),
  }
}

function differed(
  node: StoreNode,
  { recyclerId, by }: Asked,
  differences: Ended['differences'],
  attemptId?: string,
): Draft {
  const about = { shopId: node.shopId, recyclerId, staffId: by.staffId, differences }
  const body = { ...about, ...(attemptId !== undefined && { attemptId }) }
  return { id: newId(node), type: 'recycler.differed', body }
}

/** What a machine put into its cash box by itself while it worked. */
function boxedBy({ work, currency, before }: Attempt, after: Stock = []): Pieces {
  if (work.kind === 'collect') return []
  const boxes = (stock: Stock) =>
    new Map(
      stock
        .filter((line) => line.unit === 'cash_box' && line.currency === currency)
        .map(({ faceMinor, pieces }) => [faceMinor as number, pieces]),
    )
  const was = boxes(before)
  return [...boxes(after)]
    .map(([face, pieces]) => ({ faceMinor: minor(face), pieces: pieces - (was.get(face) ?? 0) }))
    .filter(({ pieces }) => pieces > 0)
}

/**
 * Seals what a machine did in one transaction. Who asked for it is the actor; of what it did by itself its server is.
 */
export async function journal(
  node: StoreNode,
  { recyclerId, by }: { readonly recyclerId: string; readonly by?: AskedBy | undefined },
  decide: (tx: Tx) => Promise<readonly Draft[]>,
): Promise<void> {
  const { author, org, shopId } = node
  const now = node.now()
  const occurredAt = now.toISOString()
  const actor = by === undefined ? `node:${author.author}` : (by.asker ?? `staff:${by.staffId}`)
  const written = await transact(node.writeDb, async (tx) => {
    const drafts = await decide(tx)
    if (drafts.length === 0) return accepted(0)
    const { timeZone } = await readShopTerms(tx, org, shopId)
    const said = {
      ...{ actor, occurredAt },
      businessDate: businessDateOf(occurredAt, timeZone),
    }
    const sealed = drafts.map(
      (draft): FactDraft => ({ ...envelope(draft, recyclerId, node), ...said }),
    )
    await recordFacts(tx, author, sealed, { nowMs: now.getTime(), recordedAt: occurredAt })
    return accepted(drafts.length)
  })
  if (written.ok && written.value > 0) node.onRecorded()
}
