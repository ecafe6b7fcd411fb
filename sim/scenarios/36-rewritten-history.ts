import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { chainHash, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { headStatement, receiptStatement } from '@tillkeeper/sync/identity/head-statement.ts'
import { sameBytes, toHex } from '@tillkeeper/sync/message/hex.ts'
import { makeFleet, openFleet } from '../actors/fleet.ts'
import { genesisOf, sha256 } from '../actors/hash.ts'
import type { FactRow, HeadRow } from '../actors/journal.ts'
import type { Machine } from '../actors/node.ts'
import { settle } from '../actors/settle.ts'
import { headsOf, rowsOf } from '../checkers/copies.ts'
import { act } from './30-restored-store.ts'
import type { Scenario } from './scenario.ts'

export const rewrittenHistory: Scenario = {
  number: 36,
  name: 'somebody rewrites history, and the chain with it',
  recipe:
    'in a shop’s database a fact is changed and every hash after it computed anew; the copy adds up by itself',
  mustHold:
    'its own signature, the cloud’s receipt and the hello each tell; what the cloud has stays as it was sealed',
  play: async ({ seed, hold }) => {
    // No checker watches here: the world does hold what nobody sealed, and that is the point.
    const fleet = makeFleet(seed, { shops: 2, tills: 1 })
    await openFleet(fleet)
    const { world, org, cloud, shops } = fleet
    const [shop] = shops
    if (shop === undefined) return hold(false, 'there is a shop')
    const { store } = shop
    await act(store, 20)
    await settle(fleet)
    const head = headsOf(store.disk).find(({ stream }) => stream.startsWith(`${store.author}:`))
    if (head === undefined) return hold(false, 'the shop has acted')
    const { stream } = head
    const position = { stream, seq: head.seq, hash: toHex(head.hash) }
    // What both sides kept of this moment.
    const node = generateKeyPairSync('ed25519')
    const top = generateKeyPairSync('ed25519')
    const at = cloud.clock.isoNow()
    const signature = sign(null, headStatement(org, position), node.privateKey)
    const receipt = sign(null, receiptStatement(org, { ...position, at }), top.privateKey)
    const sealed = rowsOf(cloud.disk, stream).map(({ bytes }) => bytes)

    store.crash('kill')
    rewrite(store, stream, 7)
    const now = headsOf(store.disk).find((each) => each.stream === stream)
    hold(addsUp(store, stream, now), 'the rewritten copy adds up by itself')
    const said = { stream, seq: now?.seq ?? 0, hash: toHex(now?.hash ?? new Uint8Array(32)) }
    hold(verify(null, headStatement(org, position), node.publicKey, signature), 'it was signed')
    hold(
      !verify(null, headStatement(org, said), node.publicKey, signature),
      'its own signature is not of this history',
    )
    hold(
      !verify(null, receiptStatement(org, { ...said, at }), top.publicKey, receipt),
      'the cloud’s receipt is not of this history',
    )
    store.boot()
    await world.time.run(world.time.nowMs() + 120_000)
    hold(world.counters.of('stream.forked') > 0, 'the hello tells')
    const kept = rowsOf(cloud.disk, stream).map(({ bytes }) => bytes)
    hold(
      kept.length >= sealed.length &&
        sealed.every((bytes, i) => sameBytes(bytes, kept[i] ?? empty)),
      'what the cloud has stays as it was sealed',
    )
    const owner = (id: string) =>
      cloud.disk.peek('fact_id', [id, 0]) as { stream: string } | undefined
    const rewritten = rowsOf(cloud.disk, stream)[6]
    hold(owner(rewritten?.id ?? '')?.stream === stream, 'and its effect is that of the first')
  },
}

const empty = new Uint8Array()

/** Changes one digit of a fact, and computes every hash after it anew. */
function rewrite({ disk }: Machine, stream: StreamId, seq: number): void {
  const rows = rowsOf(disk, stream)
  let hash = genesisOf(stream)
  for (const row of rows) {
    const bytes =
      row.seq === seq
        ? new TextEncoder().encode(
            new TextDecoder().decode(row.bytes).replace(/"nth":[0-9]+/, '"nth":999'),
          )
        : row.bytes
    hash = chainHash(sha256, hash, bytes)
    const next = { bytes, hash }
    disk.rot('fact', [stream, row.seq], (value) => ({ ...(value as FactRow), ...next }))
  }
  const last = hash
  disk.rot('head', [stream, 0], (value) => ({ ...(value as HeadRow), hash: last }))
}

function addsUp({ disk }: Machine, stream: StreamId, head: HeadRow | undefined): boolean {
  let hash = genesisOf(stream)
  for (const { bytes } of rowsOf(disk, stream)) hash = chainHash(sha256, hash, bytes)
  return head !== undefined && sameBytes(hash, head.hash)
}
