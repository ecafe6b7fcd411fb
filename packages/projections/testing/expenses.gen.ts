import type { SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import type { Chance } from './trade.gen.ts'

type Here = {
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly sessionId: SessionId
  readonly staffId: StaffId
  readonly currency: Currency
}

/** Answers are said by a server, also of what its tills have not told yet. */
export const answerTypes: readonly string[] = ['expense.approved', 'expense.declined']

/** What cash is spent on. */
export const categories = [
  '01940000-0000-7000-8000-0000000000d1',
  '01940000-0000-7000-8000-0000000000d2',
] as const

/**
 * One expense as it may go where nobody hears of the others: asked for, answered by anybody and more than
 * once, paid above its limits or twice, settled twice or never. Returns what the drawer is left with less.
 */
export function generateExpense(
  chance: Chance,
  {
    here,
    staff,
    name,
  }: {
    readonly here: Here
    readonly staff: readonly StaffId[]
    /** Names an attempt of a cash recycler for what it gave. */
    readonly name: (minor: number) => string
  },
  write: (type: string, body: unknown) => string,
): number {
  const { shopId, tillId, sessionId, currency, staffId } = here
  const somebody = () => staff[chance.pick(staff.length)] as StaffId
  const takenBy = somebody()
  const [first, second] = categories
  const categoryId = chance.pick(2) === 0 ? first : second
  const amountMinor = 1_000 + 100 * chance.pick(200)
  const drawer = chance.pick(4) === 0 ? {} : { tillId, sessionId }
  const expenseId = write('expense.requested', {
    ...{ shopId, categoryId, categoryName: 'Ice', staffId: takenBy, currency, amountMinor },
    ...{ purpose: 'two bags', needsReceipt: chance.pick(2) === 0, above: [] },
  })
  let approvalId: string | undefined
  for (let times = chance.pick(3); times > 0; times -= 1) {
    const answer = { shopId, expenseId, approverId: somebody() }
    if (chance.pick(3) === 0) write('expense.declined', answer)
    else approvalId = write('expense.approved', { ...answer, method: 'pin', currency, amountMinor })
  }
  const limit = { dayMinor: 20_000 + 10_000 * chance.pick(2), personDayMinor: 15_000 }
  const use = approvalId === undefined || chance.pick(2) === 0 ? {} : { approvalId }
  let lessMinor = 0
  const about = { shopId, expenseId, categoryId, staffId, takenBy, currency, ...drawer }
  for (let times = chance.pick(8) === 0 ? 2 : 1; times > 0; times -= 1) {
    const by = chance.pick(4) === 0 ? { attemptId: name(-amountMinor) } : {}
    write('expense.paid', { ...about, amountMinor, ...use, ...by, limits: limit })
    if ('tillId' in drawer && !('attemptId' in by)) lessMinor += amountMinor
  }
  for (let times = [0, 1, 1, 2][chance.pick(4)] ?? 0; times > 0; times -= 1) {
    const spentMinor = chance.pick(amountMinor + 1)
    const returnedMinor = Math.max(0, amountMinor - spentMinor - 100 * chance.pick(3))
    const varianceMinor = spentMinor + returnedMinor - amountMinor
    const settled = { ...about, givenMinor: amountMinor, spentMinor, returnedMinor, varianceMinor }
    write('expense.settled', settled)
    if ('tillId' in drawer) lessMinor -= returnedMinor
  }
  return lessMinor
}
