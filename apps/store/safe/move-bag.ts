import { assert } from '@tillkeeper/core/base/assert.ts'
import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import {
  type BagAt,
  type BagId,
  type BagNote,
  type BagRefusal,
  type CollectBag,
  type DepositBagAsk,
  type DepositBagRefusal,
  decideCollectBag,
  decideDepositBag,
  decideOpenBag,
  decideVerifyBag,
  type VerifyBagRefusal,
} from '@tillkeeper/core/safe/deposit-bag.ts'
import {
  bagNumberKey,
  decideSealBag,
  type SealBag,
  type SealBagRefusal,
} from '@tillkeeper/core/safe/seal-bag.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
import { findBagByNumber, listBags } from '@tillkeeper/projections/safe/bag-sql.ts'
import type { ActRefusal, Done, StoreNode } from '../act/record-act.ts'
import { readSafeStock, recordSafeAct, type SafeActing } from './record-safe-act.ts'

type Answer<Refusal extends { readonly code: string }> = Promise<
  Outcome<Done, Refusal | ActRefusal>
>

/** Puts cash of the safe into a numbered bag. The act's id is the bag's. */
export function sealBag(
  node: StoreNode,
  acting: SafeActing,
  command: Omit<SealBag, 'staffId'>,
): Answer<SealBagRefusal> {
  const { org, shopId } = node
  return recordSafeAct(node, acting, 'bag.sealed', async (tx) => {
    const key = bagNumberKey(command.number)
    const [stock, sameNumber] = await Promise.all([
      readSafeStock(tx, node),
      findBagByNumber(tx, org, { shopId, key }),
    ])
    return decideSealBag({ shopId, stock, sameNumber }, { ...command, staffId: acting.staffId })
  })
}

/** Another person says that the sealed bag is as it should be. */
export function verifyBag(
  node: StoreNode,
  acting: SafeActing,
  { bagId, ...said }: Omit<BagNote, 'staffId'> & { readonly bagId: BagId },
): Answer<VerifyBagRefusal> {
  return recordSafeAct(node, acting, 'bag.verified', async (tx) =>
    decideVerifyBag(await readBag(tx, node, bagId), { ...said, staffId: acting.staffId }),
  )
}

/** A carrier takes the bag. */
export function collectBag(
  node: StoreNode,
  acting: SafeActing,
  { bagId, ...said }: Omit<CollectBag, 'staffId'> & { readonly bagId: BagId },
): Answer<BagRefusal> {
  return recordSafeAct(node, acting, 'bag.collected', async (tx) =>
    decideCollectBag(await readBag(tx, node, bagId), { ...said, staffId: acting.staffId }),
  )
}

/** The seal is broken in the shop, and the cash goes back to the safe. */
export function openBag(
  node: StoreNode,
  acting: SafeActing,
  { bagId, reason }: { readonly bagId: BagId; readonly reason: string },
): Answer<BagRefusal> {
  return recordSafeAct(node, acting, 'bag.opened', async (tx) =>
    decideOpenBag(await readBag(tx, node, bagId), { reason, staffId: acting.staffId }),
  )
}

/** The bank has the bag. */
export function depositBag(
  node: StoreNode,
  acting: SafeActing,
  { bagId, ...said }: Omit<DepositBagAsk, 'staffId'> & { readonly bagId: BagId },
): Answer<DepositBagRefusal> {
  return recordSafeAct(node, acting, 'bag.deposited', async (tx) =>
    decideDepositBag(await readBag(tx, node, bagId), { ...said, staffId: acting.staffId }),
  )
}

async function readBag(tx: Tx, { org, shopId }: StoreNode, bagId: BagId): Promise<BagAt> {
  const asked = { shops: new Set([shopId]), ids: [bagId], limit: 1 }
  const { items } = await listBags(tx, org, asked)
  assert(items.length <= 1, 'an id is one bag’s')
  return { shopId, bag: items[0] }
}
