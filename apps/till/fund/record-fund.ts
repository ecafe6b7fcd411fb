import { FundView } from '@tillkeeper/client/api/safe-shapes.ts'
import { Page } from '@tillkeeper/client/api/shapes.ts'
import type { StaffId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import {
  decideIssueFund,
  decideReturnFund,
  type FundState,
  type IssueFundRefusal,
  type ReturnFundRefusal,
} from '@tillkeeper/core/fund/staff-fund.ts'
import { type Cash, checkCash } from '@tillkeeper/core/money/cash-amount.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import type { FundIssuedBody, FundReturnedBody } from '@tillkeeper/facts/catalogue/staff-fund.ts'
import type { Static } from 'typebox'
import { getShop, type TillNode } from '../app/node.ts'
import { type ActRefusal, recordAct } from '../app/record-act.ts'
import { worksAt } from '../catalogue/directory.ts'
import { askWithLogin } from '../store/ask-with-login.ts'
import { holdsHere } from '../till/hold-authority.ts'
import { addFund } from './add-fund.ts'

// Change that goes from this drawer to somebody who works with it apart from a drawer, and comes back.

/** What each person holds, by the store server; `undefined` where it did not answer. */
export type KnownFunds = ReadonlyMap<string, Cash> | undefined

const Funds = Page(FundView)

/** Asks the store server what everybody holds. */
export async function hearFunds(node: TillNode): Promise<KnownFunds> {
  const path = `/v1/funds?shopId=${node.device.shopId}`
  const answer = await askWithLogin<Static<typeof Funds>>(node, Funds, { path })
  if (!answer.ok) return undefined
  return new Map(
    answer.value.items.map(({ staffId, cash }) => [
      staffId as string,
      cash.map(({ currency, minor: held }) => ({ currency, minor: minor(held) })),
    ]),
  )
}

export type FundAsk = {
  readonly id: string
  readonly holderId: StaffId
  readonly cash: Cash
  /** What the store server said of everybody; who is not in it holds nothing. */
  readonly known: KnownFunds
}

/** Gives somebody change out of this drawer, with or without a line. */
export async function issueFund(
  node: TillNode,
  { id, ...ask }: FundAsk,
): Promise<Outcome<{ readonly id: string }, IssueFundRefusal | ActRefusal>> {
  const recorded = await recordAct(node, 'fund.manage', ({ person }) => {
    const decided = decideIssueFund(stateOf(node, ask), { cash: ask.cash, byStaffId: person.id })
    if (!decided.ok) return decided
    return accepted({ type: 'fund.issued' as const, id, ...follow(node, 'drop', decided.value) })
  })
  return recorded.ok ? accepted({ id }) : recorded
}

/** Takes change back into this drawer: a part, or all of it where it is known how much that is. */
export async function returnFund(
  node: TillNode,
  { id, settle, ...ask }: FundAsk & { readonly settle: boolean },
): Promise<Outcome<{ readonly id: string }, ReturnFundRefusal | ActRefusal>> {
  const recorded = await recordAct(node, 'fund.manage', ({ person }) => {
    const command = { cash: ask.cash, settle, byStaffId: person.id }
    const decided = decideReturnFund(stateOf(node, ask), command)
    if (!decided.ok) return decided
    return accepted({
      type: 'fund.returned' as const,
      id,
      ...follow(node, 'top_up', decided.value),
    })
  })
  return recorded.ok ? accepted({ id }) : recorded
}

function stateOf(node: TillNode, { holderId, cash, known }: Omit<FundAsk, 'id'>): FundState {
  const { shopId, tillId } = node.device
  const { book, directory } = node.state.getState()
  const person = directory.people.get(holderId)
  const checked = checkCash(cash, 'fund')
  const currencies = checked.ok ? checked.value.map(({ currency }) => currency) : []
  return {
    shopId,
    stock: [],
    drawer: {
      at: { shopId, tillId },
      session: book.session,
      holds: new Map(currencies.map((currency) => [currency, holdsHere(node, currency)])),
    },
    holder:
      person === undefined || !person.shops.includes(getShop(node).id)
        ? undefined
        : { id: person.id, active: worksAt(person, shopId) },
    held: known && (known.get(holderId) ?? []),
  }
}

/** The book after it: to the drawer it is as a drop or a top-up. */
function follow(node: TillNode, kind: 'drop' | 'top_up', body: FundIssuedBody | FundReturnedBody) {
  const { book } = node.state.getState()
  const { session } = book
  return {
    body,
    sessionId: session?.id,
    keys: [`fund:${body.shopId}:${body.staffId}`],
    book:
      session === undefined
        ? book
        : { ...book, session: { ...session, totals: addFund(session.totals, kind, body) } },
  }
}
