import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'
import type { Fact, FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import type { Store } from './store.ts'
import type { Till } from './till.ts'

export type Said = {
  readonly type: string
  readonly body: unknown
  /** Left out: 1. */
  readonly v?: number
  readonly keys?: readonly string[]
  readonly refs?: readonly string[]
}

/**
 * Seals a fact of any type at a till, as an app of another version would. Gives its id once the till's
 * disk has it; nothing where the till does not run.
 */
export async function sayAtTill(till: Till, said: Said): Promise<string | undefined> {
  const node = till.node()
  if (node === undefined) return undefined
  const { world, clock, shopId, author, truth } = till
  const id = uuidv7(
    clock.nowMs(),
    world.chance.fork(`say ${author} ${world.time.nowMs()}`).bytes(10),
  )
  const occurredAt = clock.isoNow()
  const draft: FactDraft = {
    id,
    ...{ type: said.type, v: said.v ?? 1, scope: `shop:${shopId}`, actor: `node:${author}` },
    ...{ occurredAt, businessDate: businessDateOf(occurredAt, 'Asia/Bangkok') },
    ...{ keys: said.keys ?? [], refs: said.refs ?? [], body: said.body },
  }
  truth.intended.set(id, { type: said.type, node: author })
  await node.turns(() => node.journal.record([draft], {}))
  truth.promised.set(id, {
    ...{ id, type: said.type, node: author, atMs: world.time.nowMs(), body: said.body },
    how: 'offline',
  })
  node.state.setState({ sent: node.outbox.sent() })
  node.link.wake()
  return id
}

/** Seals a fact of any type at a store server. Gives its id once the disk has it; it fails where it is down. */
export async function sayAtStore(store: Store, said: Said): Promise<string> {
  const { world, clock, shopId, author, truth, name } = store
  const id = uuidv7(clock.nowMs(), world.chance.fork(`say ${name} ${world.time.nowMs()}`).bytes(10))
  const occurredAt = clock.isoNow()
  truth.intended.set(id, { type: said.type, node: author })
  await store.record([
    {
      id,
      ...{ type: said.type, v: said.v ?? 1, scope: `shop:${shopId}`, actor: `node:${author}` },
      ...{ occurredAt, businessDate: businessDateOf(occurredAt, 'Asia/Bangkok') },
      ...{ keys: said.keys ?? [], refs: said.refs ?? [], body: said.body },
    },
  ])
  truth.promised.set(id, {
    ...{ id, type: said.type, node: author, atMs: world.time.nowMs(), body: said.body },
    how: 'acknowledged',
  })
  return id
}

/** What was said, in whatever type; `undefined` for bytes that are no fact. */
export function heardOf(bytes: Uint8Array): Fact | undefined {
  const read = readFact(bytes)
  return read.kind === 'refused' ? undefined : read.fact
}
