import type { MendWire } from '@tillkeeper/sync/link/ports.ts'
import type { TillNode } from '../app/node.ts'
import { provisionalEpoch } from '../journal/epoch.ts'
import { readKept } from '../journal/kept.ts'

/** What is drawn: passed in, so that a simulation can repeat it. */
export type Chance = {
  readonly makeId: () => string
  /** In [0, 1). */
  readonly random: () => number
}

/**
 * Goes on in an epoch that nobody had: a major that was granted, or a minor that was drawn. `not_now`
 * where nothing changed: the next hello says again what was wrong.
 */
export type RenewEpoch = () => Promise<'granted' | 'drawn' | 'not_now'>

/**
 * Asks the store server for a major epoch of this till's own, and seals in it from then on. The request's
 * id is written down first: an answer that was lost is asked for again and is the same. Calls at the same
 * time are one. A store server that does not know the question yet leaves us a minor that was drawn.
 */
export function makeRenewEpoch(
  node: Pick<TillNode, 'db' | 'device' | 'journal' | 'turns'>,
  wire: Pick<MendWire, 'renew'>,
  chance: Chance,
): RenewEpoch {
  let asking: ReturnType<RenewEpoch> | undefined
  const ask: RenewEpoch = async () => {
    const request = (await readKept(node.db, 'renewal')) ?? chance.makeId()
    await node.journal.keep({ renewal: request })
    const epoch = node.journal.epoch()
    const answer = await wire.renew({ node: node.device.author, epoch, request })
    if (!answer.ok && answer.refusal.code !== 'bad_answer') return 'not_now'
    const granted = answer.ok ? answer.value.epoch : provisionalEpoch(epoch, chance.random())
    await node.turns(() => node.journal.renew(granted))
    return answer.ok ? 'granted' : 'drawn'
  }
  return () => {
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }
}
