import { type TillDb, writeStrictly } from '../journal/database.ts'
import { readKept } from '../journal/kept.ts'
import { type Attempts, judgeUnlock, type UnlockVerdict } from './unlock-rules.ts'

// A till that is cut off knows people by a verifier of its own: HMAC of the PIN under a key that this
// browser made and never gives out, stretched with PBKDF2. A copy of the database on another machine has
// nothing to guess against, and no hash of a server ever comes here.

/** OWASP's figure for PBKDF2 with SHA-256 (2023): a third of a second on a small till. */
const rounds = 600_000

type UnlockRow = Attempts & {
  readonly staffId: string
  readonly salt: Uint8Array<ArrayBuffer>
  readonly verifier: Uint8Array<ArrayBuffer>
}

export type Unlocked =
  | { readonly is: 'right' }
  | { readonly is: 'wrong' }
  | Exclude<UnlockVerdict, { may: 'try' }>

type Typed = { readonly staffId: string; readonly pin: string; readonly nowMs: number }

/** Remembers who was let in by the store server just now, so that they can unlock while it is away. */
export async function rememberUnlock(db: TillDb, { staffId, pin, nowMs }: Typed): Promise<void> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const verifier = await makeVerifier(await takeKey(db), { staffId, pin, salt })
  const row: UnlockRow = { staffId, salt, verifier, failures: 0, lastMs: 0, seenMs: nowMs }
  await writeStrictly(db, ['unlock'], (tx) => [tx.objectStore('unlock').put(row)])
}

/** Drops what is remembered of somebody: the store server no longer takes this PIN. */
export async function forgetUnlock(db: TillDb, staffId: string): Promise<void> {
  await writeStrictly(db, ['unlock'], (tx) => [tx.objectStore('unlock').delete(staffId)])
}

/** Tries a PIN without the store server. */
export async function tryUnlock(db: TillDb, typed: Typed): Promise<Unlocked> {
  const { staffId, nowMs } = typed
  const row = (await db.get('unlock', staffId)) as UnlockRow | undefined
  if (row === undefined) return { may: 'not_here' }
  const verdict = judgeUnlock(row, nowMs)
  if (verdict.may !== 'try') return verdict
  // Counted for good before anybody looks whether it is right.
  const counted: UnlockRow = {
    ...row,
    failures: row.failures + 1,
    lastMs: Math.max(nowMs, row.lastMs),
  }
  await writeStrictly(db, ['unlock'], (tx) => [tx.objectStore('unlock').put(counted)])
  const verifier = await makeVerifier(await takeKey(db), { ...typed, salt: row.salt })
  if (!sameSecret(verifier, row.verifier)) return { is: 'wrong' }
  await writeStrictly(db, ['unlock'], (tx) => [
    tx
      .objectStore('unlock')
      .put({ ...row, failures: 0, lastMs: counted.lastMs } satisfies UnlockRow),
  ])
  return { is: 'right' }
}

/** Who can unlock here without the store server, the last seen first. */
export async function listUnlocks(db: TillDb): Promise<readonly string[]> {
  const rows = (await db.getAll('unlock')) as UnlockRow[]
  return rows.sort((a, b) => b.seenMs - a.seenMs).map(({ staffId }) => staffId)
}

async function makeVerifier(
  key: CryptoKey,
  { staffId, pin, salt }: Omit<Typed, 'nowMs'> & { readonly salt: Uint8Array<ArrayBuffer> },
): Promise<Uint8Array<ArrayBuffer>> {
  const bound = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`${staffId}:${pin}`))
  const secret = await crypto.subtle.importKey('raw', bound, 'PBKDF2', false, ['deriveBits'])
  const derive = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }
  return new Uint8Array(await crypto.subtle.deriveBits(derive, secret, 256))
}

async function takeKey(db: TillDb): Promise<CryptoKey> {
  const held = await readKept(db, 'unlockKey')
  if (held !== undefined) return held
  const made = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  await writeStrictly(db, ['kept'], (tx) => [tx.objectStore('kept').put(made, 'unlockKey')])
  return made
}

// In constant time: how many bytes are alike must not be measurable.
function sameSecret(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0)
  return difference === 0
}
