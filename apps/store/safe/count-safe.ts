import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import {
  type CountSafe,
  type CountSafeRefusal,
  decideCountSafe,
} from '@tillkeeper/core/safe/count-safe.ts'
import type { ActRefusal, Done, StoreNode } from '../act/record-act.ts'
import { readSafeStock, recordSafeAct, type SafeActing } from './record-safe-act.ts'

/** Records a blind count of this shop's safe beside what its movements come to. */
export function countSafe(
  node: StoreNode,
  acting: SafeActing,
  command: Omit<CountSafe, 'staffId'>,
): Promise<Outcome<Done, CountSafeRefusal | ActRefusal>> {
  const { shopId } = node
  return recordSafeAct(node, acting, 'safe.counted', async (tx) => {
    const stock = await readSafeStock(tx, node)
    return decideCountSafe({ shopId, stock }, { ...command, staffId: acting.staffId })
  })
}
