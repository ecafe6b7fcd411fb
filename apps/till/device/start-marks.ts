import { toHex } from '@tillkeeper/sync/message/hex.ts'
import type { TillNode } from '../app/node.ts'
import type { TillDb } from '../journal/database.ts'
import type { Found, ShutdownMark } from '../journal/epoch.ts'
import { readKept, writeKept } from '../journal/kept.ts'
import { toBase64Url } from './base64.ts'
import { judgeBody } from './body.ts'
import { isKeyPair } from './device-key.ts'
import { findMissing, type Missing, readWitness, type Witness, writeWitness } from './witness.ts'

// What lies beside the database, in the browser's local storage: three short texts.

const shutdownName = 'tillkeeper.till.mark'
const bodyName = 'tillkeeper.till.body'
const witnessName = 'tillkeeper.till.witness'

/** What a start of the till finds out about the one before it. */
export type StartMarks = Pick<Found, 'mark' | 'suspect' | 'chance'> & {
  readonly missing: Missing
}

type Deps = {
  readonly db: TillDb
  readonly storage: Storage
  readonly crypto: Crypto
}

/**
 * Reads the marks of the last run and sets those of this one. Called once, before anything is sealed: the
 * shutdown mark is taken away, since only a page that ends in good order leaves one.
 */
export async function takeStartMarks({ db, storage, crypto }: Deps): Promise<StartMarks> {
  const mark = storage.getItem(shutdownName) ?? undefined
  storage.removeItem(shutdownName)
  const [kept, key, rows] = await Promise.all([
    readKept(db, 'bodyMark'),
    readKept(db, 'deviceKey'),
    db.getAll('stream'),
  ])
  const body = judgeBody({
    kept,
    beside: storage.getItem(bodyName) ?? undefined,
    keyWorks: key && (await isKeyPair(crypto.subtle, key)),
  })
  const missing = findMissing(
    readWitness(storage.getItem(witnessName)),
    new Map(rows.map(({ stream, seq }) => [stream, seq])),
  )
  // A new mark at each start: a copy that is made now is old after the next one.
  const next = toBase64Url(crypto.getRandomValues(new Uint8Array(24)))
  await writeKept(db, { bodyMark: next })
  storage.setItem(bodyName, next)
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1))
  return {
    mark,
    // What was just set up has an epoch that nobody had, whatever is missing of the one before.
    suspect: body === 'other' || (missing.is === 'tail' && body !== 'first'),
    chance: random / 2 ** 32,
    missing,
  }
}

/** Leaves the mark of a page that ends in good order. */
export function leaveShutdownMark(storage: Storage, mark: ShutdownMark): void {
  storage.setItem(shutdownName, mark)
}

/** The witness of a till that was here, in a browser whose database holds none. */
export function findWitness(storage: Storage): Witness | undefined {
  return readWitness(storage.getItem(witnessName))
}

/** The witness of what is held now; none before the first fact. */
export function witnessOf(
  { device, journal, outbox, storage }: Pick<TillNode, 'device' | 'journal' | 'outbox' | 'storage'>,
  tillName: string,
): Witness | undefined {
  const heads = journal.heads()
  const current = `${device.author}:${journal.epoch()}/`
  const before = findWitness(storage)?.stream
  const head =
    heads.find(({ stream }) => stream.startsWith(current)) ??
    heads.find(({ stream }) => stream === before)
  if (head === undefined) return undefined
  const { org, tillId, author } = device
  return {
    ...{ org, tillId, author, tillName },
    ...{ stream: head.stream, seq: head.seq, hash: toHex(head.hash) },
    ackedSeq: outbox.acks().get(head.stream)?.ackedSeq ?? 0,
    unsent: outbox.sent().unsent,
  }
}

/** Keeps how far the sealing has come. Best effort: a full disk is said where a fact is written. */
export function keepWitness(storage: Storage, witness: Witness): void {
  try {
    storage.setItem(witnessName, writeWitness(witness))
  } catch {
    // The witness of before stays: it claims less than there is, which is never a false alarm.
  }
}
