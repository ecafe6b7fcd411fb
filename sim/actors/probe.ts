import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import type { Random } from '../world/random.ts'
import { currency } from './chain-setup.ts'
import type { Fleet, Shop } from './fleet.ts'
import { idOf } from './names.ts'

// Cash that moves without a person who waits for it: many facts in little time, where a scenario is about
// their number and not about how they were decided.

/** So many movements of cash in a shop, ready to be sealed. They count as asked for. */
export function moveMuch(
  { truth }: Fleet,
  { plan }: Shop,
  {
    count,
    nowMs,
    chance,
    node,
  }: {
    readonly count: number
    readonly nowMs: number
    readonly chance: Random
    readonly node: string
  },
): FactDraft[] {
  const tillId = plan.tillIds[0] ?? idOf<string>('till')
  const sessionId = idOf<string>(`much ${plan.shopId}`)
  const occurredAt = new Date(nowMs).toISOString()
  return Array.from({ length: count }, () => {
    const id = uuidv7(nowMs, chance.bytes(10))
    truth.intended.set(id, { type: 'cash.moved', node })
    return {
      id,
      type: 'cash.moved',
      v: catalogue['cash.moved'].v,
      scope: `shop:${plan.shopId}`,
      actor: `staff:${plan.staffId}`,
      occurredAt,
      businessDate: occurredAt.slice(0, 10),
      keys: [`session:${sessionId}`],
      refs: [],
      body: {
        ...{ shopId: plan.shopId, tillId, sessionId, staffId: plan.staffId, kind: 'pay_in' },
        ...{ currency, amountMinor: chance.between(1, 10_000) },
      },
    }
  })
}
