import { assert } from '@tillkeeper/core/base/assert.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import { type CountAmount, compareCount } from '@tillkeeper/core/till/compare-count.ts'
import { type CountTillRefusal, decideCountTill } from '@tillkeeper/core/till/count-till.ts'
import { asksRecount } from '@tillkeeper/core/till/recount.ts'
import { getShop, makeId, type TillNode } from '../app/node.ts'
import { type ActRefusal, recordAct } from '../app/record-act.ts'
import { changeHere, findHere } from '../journal/book-session.ts'
import { hearBeforeCount } from '../link/hear-store.ts'

/**
 * Looks at a count before it is sealed. One that differs by more than the shop lets be is kept as it is and asked
 * for once more; who counted learns no more than that. It is asked once in a session, also after the page was
 * loaded again.
 */
export async function askCountAgain(
  node: TillNode,
  sessionId: string,
  counts: readonly CountAmount[],
): Promise<Outcome<boolean, CountTillRefusal | ActRefusal>> {
  await hearBeforeCount(node)
  const session = findHere(node.state.getState().book, sessionId)
  if (session === undefined) return accepted(false)
  const recounts = session.recounts ?? 0
  const compared = compareCount({ session, totals: session.totals }, counts)
  const { currency, toleranceMinor } = getShop(node)
  if (!asksRecount(compared, { recounts, currency, toleranceMinor })) return accepted(false)
  const [own] = compared
  assert(own !== undefined, 'a drawer is counted in its own currency')
  const recorded = await recordAct(node, 'till.close', ({ person }) => {
    const { book } = node.state.getState()
    const decided = decideCountTill(
      {
        at: { shopId: node.device.shopId, tillId: node.device.tillId },
        session: findHere(book, sessionId),
        totals: session.totals,
        recounts,
      },
      {
        ...{ staffId: person.id, kind: 'recount', currency: own.currency },
        ...{ countedMinor: own.countedMinor, faces: own.pieces },
      },
    )
    if (!decided.ok) return decided
    return accepted({
      type: 'till.counted' as const,
      id: makeId(node.nowMs()),
      sessionId: session.id,
      body: decided.value,
      book: changeHere(book, session.id, (held) => ({ ...held, recounts: recounts + 1 })),
    })
  })
  return recorded.ok ? accepted(true) : recorded
}
