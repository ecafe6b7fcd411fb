import { toHex } from '@tillkeeper/sync/message/hex.ts'
import type { Receipt } from '@tillkeeper/sync/message/messages.ts'
import type { TillNode } from '../app/node.ts'
import type { TillDb } from '../journal/database.ts'

/** The cloud's receipts that are kept here, by stream. */
export async function readReceipts(db: TillDb): Promise<ReadonlyMap<string, Receipt>> {
  const rows = await db.getAll('receipt')
  return new Map(rows.map((row) => [row.stream, row]))
}

/**
 * Keeps receipts that speak of the history held here; an older one of a stream gives way. One that speaks
 * of another history is no proof of ours: the next hello finds where the two part.
 */
export async function noteReceipts(
  { db, outbox, state }: Pick<TillNode, 'db' | 'outbox' | 'state'>,
  receipts: readonly Receipt[],
): Promise<void> {
  const before = state.getState().receipts
  const fresh: Receipt[] = []
  for (const receipt of receipts) {
    if (receipt.seq <= (before.get(receipt.stream)?.seq ?? 0)) continue
    const ours = await outbox.hashAt(receipt.stream, receipt.seq)
    if (ours !== undefined && toHex(ours) === receipt.hash) fresh.push(receipt)
  }
  if (fresh.length === 0) return
  const tx = db.transaction('receipt', 'readwrite')
  await Promise.all([...fresh.map((receipt) => tx.store.put(receipt)), tx.done])
  state.setState({
    receipts: new Map([...before, ...fresh.map((each) => [each.stream, each] as const)]),
  })
}
