import { assert } from '@tillkeeper/core/base/assert.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import { type CountAmount, compareCount } from '@tillkeeper/core/till/compare-count.ts'
import { type CountTillRefusal, decideCountTill } from '@tillkeeper/core/till/count-till.ts'
import { asksRecount } from '@tillkeeper/core/till/recount.ts'
import { makeId, type TillNode } from '../app/node.ts'
import { type ActRefusal, recordAct } from '../app/record-act.ts'

/**
 * Looks at a count before it is sealed. One that differs is kept as it is and asked for once more; who
 * counted learns no more than that. It is asked once in a session, also after the page was loaded again.
 */
export async function askCountAgain(
  node: TillNode,
  counts: readonly CountAmount[],
): Promise<Outcome<boolean, CountTillRefusal | ActRefusal>> {
  const { session } = node.state.getState().book
  if (session === undefined) return accepted(false)
  const recounts = session.recounts ?? 0
  const compared = compareCount({ session, totals: session.totals }, counts)
  if (!asksRecount(compared, recounts)) return accepted(false)
  const [own] = compared
  assert(own !== undefined, 'a drawer is counted in its own currency')
  const recorded = await recordAct(node, 'till.close', ({ person }) => {
    const { book } = node.state.getState()
    const decided = decideCountTill(
      {
        at: { shopId: node.device.shopId, tillId: node.device.tillId },
        session: book.session,
        totals: session.totals,
        recounts,
      },
      {
        ...{ staffId: person.id, kind: 'recount', currency: own.currency },
        ...{ countedMinor: own.countedMinor, faces: own.pieces },
      },
    )
    if (!decided.ok) return decided
    assert(book.session !== undefined, 'only an open session is counted')
    return accepted({
      type: 'till.counted' as const,
      id: makeId(node.nowMs()),
      sessionId: session.id,
      body: decided.value,
      book: { ...book, session: { ...book.session, recounts: recounts + 1 } },
    })
  })
  return recorded.ok ? accepted(true) : recorded
}
