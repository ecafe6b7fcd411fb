import { uuidFromHash } from '@tillkeeper/core/base/id.ts'
import { registerKindOf } from '@tillkeeper/facts/catalogue/register-edit.ts'
import type { RegisterEditBody } from '@tillkeeper/facts/catalogue/registers.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'
import { dueMs, judgeClock } from '@tillkeeper/facts/seal/judge-clock.ts'
import type { Fact, FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Volume, Write } from '../world/disk.ts'
import { sha256 } from './hash.ts'
import type { Journal } from './journal.ts'

// What shops write of the chain's registers: the cloud says it again in the feed, so that all hear it, and
// holds back what comes from a clock far ahead. What is compared is the original's stamp.

type RelayRow = { readonly stream: StreamId; readonly seq: number }
type ParkedRow = RelayRow & { readonly id: string; readonly dueMs: number }

export type Relay = {
  /** Carries on what came up to now. Called again while it runs, it runs once more. */
  readonly wake: () => void
  readonly parked: () => readonly ParkedRow[]
}

type Deps = {
  readonly volume: Volume
  readonly journal: Journal
  readonly trustedMs: () => number
  readonly say: (drafts: readonly FactDraft[], alongside: readonly Write[]) => Promise<void>
  readonly after: (ms: number, call: () => void) => void
  readonly onFault: (error: unknown) => void
}

/** Carries edits of author streams into the feed. */
export function relayEdits({ volume, journal, trustedMs, say, after, onFault }: Deps): Relay {
  const parked = () => volume.all('parked') as ParkedRow[]
  const factAt = (stream: StreamId, seq: number): Fact | undefined => {
    const [row] = journal.rows(stream, seq, seq)
    const read = row === undefined ? undefined : readFact(row.bytes)
    return read?.kind === 'known' ? read.fact : undefined
  }
  const collect = () => {
    const drafts: FactDraft[] = []
    const writes: Write[] = []
    const take = (fact: Fact) => {
      const draft = relayOf(fact)
      if (journal.findId(draft.id) === undefined) drafts.push(draft)
    }
    for (const { stream, seq } of journal.heads('author')) {
      if (!stream.startsWith('s-')) continue
      const held = volume.get('relay', [stream, 0]) as RelayRow | undefined
      const from = Math.min(held?.seq ?? 0, seq)
      for (let at = from + 1; at <= seq; at += 1) {
        const fact = factAt(stream, at)
        if (fact === undefined || registerKindOf(fact.type) === undefined) continue
        if (judgeClock(fact.hlc, trustedMs()).kind === 'future') {
          const row: ParkedRow = { stream, seq: at, id: fact.id, dueMs: dueMs(fact.hlc) }
          writes.push({ table: 'parked', key: [fact.id, 0], value: row })
        } else take(fact)
      }
      if (seq !== held?.seq) {
        writes.push({ table: 'relay', key: [stream, 0], value: { stream, seq } satisfies RelayRow })
      }
    }
    for (const { id, stream, seq, dueMs: due } of parked()) {
      const fact = factAt(stream, seq)
      if (due > trustedMs() || fact === undefined) continue
      take(fact)
      writes.push({ table: 'parked', key: [id, 0], value: undefined })
    }
    return { drafts, writes }
  }
  let running = false
  let again = false
  const turn = async (): Promise<void> => {
    running = true
    try {
      do {
        again = false
        const { drafts, writes } = collect()
        if (drafts.length > 0) await say(drafts, writes)
        else if (writes.length > 0) await volume.commit(writes, { strict: true })
      } while (again)
    } finally {
      running = false
    }
    const next = Math.min(...parked().map((row) => row.dueMs))
    if (Number.isFinite(next)) after(Math.max(1_000, next - trustedMs()), wake)
  }
  const wake = () => {
    again = true
    if (!running) turn().catch(onFault)
  }
  return { wake, parked }
}

/** The edit as the cloud says it again: under an id of its own that always is the same. */
function relayOf({ id, type, v, occurredAt, businessDate, hlc, author, body }: Fact): FactDraft {
  const edit = body as RegisterEditBody
  return {
    id: uuidFromHash(sha256(new TextEncoder().encode(`relay ${id}`))),
    ...{ type, v: Math.max(2, v), scope: 'org', actor: `node:${author}`, occurredAt, businessDate },
    ...{ keys: [], refs: [id] },
    body: { ...edit, origin: { factId: id, hlc, author } },
  }
}
