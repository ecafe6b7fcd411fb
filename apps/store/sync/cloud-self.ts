import { randomBytes } from 'node:crypto'
import { findReceipts, keepHeads } from '@tillkeeper/http/sync/identity-sql.ts'
import { isReceipt, readPublicKey, signHead } from '@tillkeeper/http/sync/sign-heads.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { readJournalStatus } from '@tillkeeper/projections/journal/sync-status-sql.ts'
import type { OutboxHead, Self } from '@tillkeeper/sync/link/ports.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'
import type { Health, Receipt, RollingToken } from '@tillkeeper/sync/message/messages.ts'
import type { Identity } from '../node/identity.ts'
import { cloudPeer } from './cloud-ports.ts'

// What a shop's server says of itself to the cloud, and keeps of the answer.

/** 144 bits: nobody meets another's word by chance. */
const makeWord = () => randomBytes(18).toString('base64url')

type Deps = {
  readonly db: Db
  readonly identity: () => Identity
  readonly now: () => Date
  /** The cloud has seen another go on from this server's memory. */
  readonly onCloned: () => void
}

export function createSelf({ db, identity, now, onCloned }: Deps): Self {
  let clockOffsetMs: number | undefined
  return {
    introduce: async (heads) => ({
      token: await holdToken(db, identity()),
      health: await readHealth(db, identity(), clockOffsetMs),
      signatures: signOwn(heads, identity()),
    }),
    hear: async (reply, said) => {
      // Only between hellos: the wait for the answer is in it, and it is for people.
      clockOffsetMs = boundOffset(now().getTime() - Date.parse(reply.now))
      await moveOn(db, identity(), said)
      await keepReceipts(db, identity(), reply.receipts ?? [])
      if (reply.cloned === true) onCloned()
    },
  }
}

const offsetMax = 31_536_000_000
const boundOffset = (ms: number) => Math.trunc(Math.max(-offsetMax, Math.min(offsetMax, ms)))

/** The pair that is said until it is answered; of an epoch that said nothing yet, a new one. */
async function holdToken(
  db: Db,
  { org, author, epochMajor: major }: Identity,
): Promise<RollingToken> {
  await db`
    INSERT INTO own_token (org_id, author, major, held, next)
    VALUES (${org}, ${author}, ${major}, ${makeWord()}, ${makeWord()})
    ON CONFLICT (org_id, author, major) DO NOTHING
  `
  const [row] = await db<RollingToken[]>`
    SELECT held, next FROM own_token
    WHERE org_id = ${org} AND author = ${author} AND major = ${major}
  `
  return row ?? { held: makeWord(), next: makeWord() }
}

async function moveOn(
  db: Db,
  { org, author }: Identity,
  { held, next }: RollingToken,
): Promise<void> {
  await db`
    UPDATE own_token SET held = next, next = ${makeWord()}
    WHERE org_id = ${org} AND author = ${author} AND held = ${held} AND next = ${next}
  `
}

async function readHealth(
  db: Db,
  { org }: Identity,
  clockOffsetMs: number | undefined,
): Promise<Health> {
  const { parked, oldestUnacknowledgedAt } = await readJournalStatus(db, org, cloudPeer)
  return {
    parked,
    ...(oldestUnacknowledgedAt === null ? {} : { oldestUnackedAt: oldestUnacknowledgedAt }),
    ...(clockOffsetMs === undefined ? {} : { clockOffsetMs }),
  }
}

function signOwn(
  heads: readonly OutboxHead[],
  { org, author, nodeKey }: Identity,
): ReadonlyMap<OutboxHead['stream'], string> {
  return new Map(
    heads
      .filter(({ stream, seq }) => seq > 0 && stream.startsWith(`${author}:`))
      .map(({ stream, seq, hash }) => [
        stream,
        signHead(org, { stream, seq, hash: toHex(hash) }, nodeKey),
      ]),
  )
}

/** Keeps what the cloud signed. A receipt by another key is nobody's word, and is not kept. */
async function keepReceipts(
  db: Db,
  { org, cloudPublicKey }: Identity,
  receipts: readonly Receipt[],
): Promise<void> {
  const kept = new Map(
    (
      await findReceipts(
        db,
        org,
        receipts.map(({ stream }) => stream),
      )
    ).map((receipt) => [receipt.stream, receipt]),
  )
  const key = readPublicKey(cloudPublicKey)
  const news = receipts.filter(
    (receipt) =>
      kept.get(receipt.stream)?.signature !== receipt.signature &&
      key !== undefined &&
      isReceipt(org, receipt, key),
  )
  const heads = news.map((receipt) => ({ ...receipt, publicKey: cloudPublicKey }))
  await keepHeads(db, org, { table: 'head_receipt', heads })
}
