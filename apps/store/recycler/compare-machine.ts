import { compareHeld, type HeldDifference } from '@tillkeeper/core/recycler/compare-held.ts'
import type { Stock } from '@tillkeeper/devices/cash-recycler/contract.ts'
import type { RecyclerState } from '@tillkeeper/devices/cash-recycler/recycler-state.ts'
import { canonicalJson } from '@tillkeeper/facts/seal/canonical.ts'
import type { Reader } from '@tillkeeper/projections/db.ts'
import { readDoubts, readMachineStock } from '@tillkeeper/projections/recycler/recycler-sql.ts'
import { holdNode, type StoreNode } from '../act/record-act.ts'
import { type Draft, journal, newId } from './journal-recycler.ts'

/**
 * Compares what a machine at rest says that it holds with the books, and writes down where they part: once for each
 * difference, until somebody counts. Nothing is said of a machine that was never counted, of one whose last work
 * nobody knows the end of, or of what it held before it went on working.
 */
export async function compareMachine(
  node: StoreNode,
  recyclerId: string,
  { stock, state }: { readonly stock: Stock; readonly state: () => RecyclerState },
): Promise<void> {
  // Most looks find nothing, and hold nobody up.
  if ((await findNews(node.db, node, { recyclerId, stock })).length === 0) return
  await journal(node, { recyclerId }, async (tx): Promise<readonly Draft[]> => {
    await holdNode(tx, node.author, [])
    // With the stream held nothing of this machine is booked; work that began meanwhile has another stock.
    const now = state()
    if (now.at !== 'idle' || now.stock !== stock) return []
    const differences = await findNews(tx, node, { recyclerId, stock })
    if (differences.length === 0) return []
    const body = { shopId: node.shopId, recyclerId, differences }
    return [{ id: newId(node), type: 'recycler.differed', body }]
  })
}

async function findNews(
  sql: Reader,
  { org, shopId }: StoreNode,
  { recyclerId, stock }: { readonly recyclerId: string; readonly stock: Stock },
): Promise<readonly HeldDifference[]> {
  const [{ held, known }, doubts] = await Promise.all([
    readMachineStock(sql, org, { shopId, recyclerId }),
    readDoubts(sql, org, recyclerId),
  ])
  if (!known || doubts.unsettled) return []
  const differences = compareHeld(held, stock)
  const told = canonicalJson(doubts.differences ?? [])
  return canonicalJson(differences) === told ? [] : differences
}
