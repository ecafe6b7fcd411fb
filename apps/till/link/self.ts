import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { headStatement } from '@tillkeeper/sync/identity/head-statement.ts'
import type { OutboxHead, Self } from '@tillkeeper/sync/link/ports.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'
import type { Health, Receipt, RollingToken } from '@tillkeeper/sync/message/messages.ts'
import type { TillClock } from '../app/till-clock.ts'
import { toBase64Url } from '../device/base64.ts'
import { type DeviceKey, signBytes } from '../device/device-key.ts'
import type { TillDb } from '../journal/database.ts'
import { readKept, writeKept } from '../journal/kept.ts'

/** Random bytes of a word of the rolling token. */
const wordBytes = 24

type Deps = {
  readonly db: TillDb
  readonly org: string
  readonly crypto: Pick<Crypto, 'getRandomValues' | 'subtle'>
  readonly clock: Pick<TillClock, 'elapsedMs' | 'hear'>
  readonly health: () => Promise<Health>
  /** Another has gone on with our rolling token. */
  readonly onCloned: () => void
  readonly onReceipts: (receipts: readonly Receipt[]) => Promise<void>
}

/** What a till says of itself in a hello, and takes from its answer. */
export async function openSelf(deps: Deps): Promise<Self> {
  const { db, org, crypto, clock, health } = deps
  const [key, kept] = await Promise.all([readKept(db, 'deviceKey'), readKept(db, 'token')])
  const makeWord = () => toBase64Url(crypto.getRandomValues(new Uint8Array(wordBytes)))
  // A pair that was written down may have been said, and may have been answered: it is said again.
  let said: RollingToken | undefined = kept
  let answered = false
  let askedMs = clock.elapsedMs()
  const sign = signHeads({ org, subtle: crypto.subtle, key })

  return {
    introduce: async (heads) => {
      if (said === undefined || answered) {
        const next = { held: said?.next ?? makeWord(), next: makeWord() }
        await writeKept(db, { token: next })
        said = next
        answered = false
      }
      const [fares, signatures] = await Promise.all([health(), sign(heads)])
      askedMs = clock.elapsedMs()
      return { token: said, health: fares, signatures }
    },
    hear: async ({ now, cloned = false, receipts = [] }, token) => {
      clock.hear(Date.parse(now), askedMs)
      if (token.next === said?.next) answered = true
      await deps.onReceipts(receipts)
      if (cloned) deps.onCloned()
    },
  }
}

type Signer = {
  readonly org: string
  readonly subtle: SubtleCrypto
  readonly key: DeviceKey | undefined
}

// A head that did not move is signed once. A browser without Ed25519 signs nothing.
function signHeads({ org, subtle, key }: Signer) {
  const known = new Map<StreamId, { readonly hash: string; readonly signature: string }>()
  return async (heads: readonly OutboxHead[]): Promise<ReadonlyMap<StreamId, string>> => {
    if (key === undefined) return new Map()
    for (const { stream, seq, hash } of heads) {
      const hex = toHex(hash)
      if (known.get(stream)?.hash === hex) continue
      const statement = headStatement(org, { stream, seq, hash: hex })
      known.set(stream, { hash: hex, signature: await signBytes(subtle, key, statement) })
    }
    return new Map(
      heads.flatMap(({ stream }) => {
        const signature = known.get(stream)?.signature
        return signature === undefined ? [] : [[stream, signature] as const]
      }),
    )
  }
}
