import type { SessionId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { FactType } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'

export type ActDraft = {
  readonly type: Extract<FactType, `${'sale' | 'till' | 'cash' | 'drawer'}.${string}`>
  readonly id: string
  readonly shopId: ShopId
  /** Left out where no session takes part, and then nothing waits behind it. */
  readonly sessionId?: SessionId | undefined
  readonly actor: string
  readonly occurredAt: string
  readonly businessDate: string
  readonly refs?: readonly string[]
  readonly body: unknown
}

/**
 * What an accepted act says before it is sealed. Acts of one session are kept together by their key: one
 * that cannot be projected makes those behind it wait, and no other session's.
 */
export function draftAct({ shopId, sessionId, refs = [], ...act }: ActDraft): FactDraft {
  return {
    ...act,
    v: catalogue[act.type].v,
    scope: `shop:${shopId}`,
    keys: sessionId === undefined ? [] : [`session:${sessionId}`],
    refs,
  }
}
