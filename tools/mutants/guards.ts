import { recyclerGuards } from './recycler-guards.ts'
import { storeMachineGuards } from './store-machine-guards.ts'
import { tenderGuards } from './tender-guards.ts'

/** A guard of money, broken, and the test that must turn red. The text to replace stands in its file exactly once. */
export type BrokenGuard = {
  /** What the broken copy does. */
  readonly name: string
  /** From the root of the repository. */
  readonly file: string
  readonly edit: readonly [find: string, replace: string]
  readonly test: string
  /** How the title of the test begins that has to see it. */
  readonly sees: string
}

const life = 'packages/core/till/session-life.test.ts'
const till = 'packages/core/till/till.test.ts'
const drawer = 'packages/core/drawer/drawer.test.ts'
const handed = 'packages/projections/drawer/hand-over.test.ts'
const approval = 'packages/core/approval/check-approval.test.ts'
const refund = 'packages/core/refund/refund-sale.test.ts'
const safe = 'packages/core/safe/safe.test.ts'
const fund = 'packages/core/fund/fund.test.ts'
const verify = 'packages/core/verify/verify.test.ts'
const pains = 'apps/store/pains.pg.test.ts'
const storeLife = 'apps/store/till/session-life.pg.test.ts'
const replicas = 'packages/projections/replicas.pg.test.ts'
const year = 'tools/shop-year/shop-year.pg.test.ts'

const anyOrder = 'however facts arrive and are projected, the tables are the same'
const added = 'days of a shop are added up by hledger'
const inState = 'whatever happens to a session, it is of this shop and in a state for it'
const arithmetic = 'opening + in − out − dropped + topped up + sales − refunds is expected'
const twoSigned = 'two signatures conserve cash'

const session = 'packages/core/till/till-session.ts'
const totals = 'packages/core/till/session-totals.ts'
const nowSql = 'packages/projections/till/session-now-sql.ts'
const handedOver = 'packages/core/drawer/hand-over-cash.ts'
const applyHanded = 'packages/projections/drawer/apply-cash-handed.ts'
const checked = 'packages/core/approval/check-approval.ts'

const states: readonly BrokenGuard[] = [
  {
    name: 'a session of another shop is worked in',
    file: session,
    edit: ['session.shopId !== at.shopId', 'session.shopId === undefined'],
    ...{ test: life, sees: inState },
  },
  {
    name: 'a closed session is worked in',
    file: session,
    edit: ['!states.includes(session.state)', 'session.state === undefined'],
    ...{ test: life, sees: inState },
  },
  {
    name: 'a session that rests is worked in',
    file: session,
    edit: ['session.suspended === true && !suspended', 'session.id === undefined && !suspended'],
    ...{ test: life, sees: inState },
  },
  {
    name: 'who verified seals what nobody counted',
    file: session,
    edit: [
      "  if (acts.close == null) return acts.ended ? 'reconciling' : 'open'",
      "  if (acts.verified === true) return 'verified'\n  if (acts.close == null) return acts.ended ? 'reconciling' : 'open'",
    ],
    ...{ test: life, sees: 'a session only moves up, whatever is heard of it first' },
  },
  {
    name: 'a session that is heard of as ended goes back to open when it is counted',
    file: session,
    edit: [
      "acts.verified === true ? 'verified' : stateOfClose(acts.close)",
      "acts.ended ? 'reconciling' : stateOfClose(acts.close)",
    ],
    ...{ test: life, sees: 'a session only moves up, whatever is heard of it first' },
  },
  {
    name: 'a difference in dollars alone is none',
    file: session,
    edit: ['varianceMinor === 0 && others.every(', 'varianceMinor === 0 || others.every('],
    ...{ test: till, sees: 'a close leaves a session closed, with a variance or without' },
  },
  {
    name: 'a drawer is given to who has it',
    file: 'packages/core/till/hand-over-till.ts',
    edit: ['toStaff.id === session.staffId', 'toStaff.id === undefined'],
    ...{ test: life, sees: 'hand over: oneself' },
  },
  {
    name: 'a session goes on at a till that another has open',
    file: 'packages/core/till/suspend-till.ts',
    edit: ['state.openSessionId !== undefined', 'state.openSessionId === ""'],
    ...{ test: life, sees: 'resume: a till in use' },
  },
  {
    name: 'the tables say open of a session that was ended',
    file: nowSql,
    edit: [
      'WHEN closed.id IS NULL AND ended.occurred_at IS NULL',
      'WHEN closed.id IS NULL AND TRUE',
    ],
    ...{
      test: storeLife,
      sees: 'pain 23: a session rests, goes on at another till, is forgotten, ended, and counted later',
    },
  },
  {
    name: 'the tables say verified of a session that nobody counted',
    file: nowSql,
    edit: [
      "        WHEN closed.id IS NULL AND ended.occurred_at IS NULL THEN 'open'",
      "        WHEN verified.there THEN 'verified'\n        WHEN closed.id IS NULL AND ended.occurred_at IS NULL THEN 'open'",
    ],
    ...{ test: replicas, sees: anyOrder },
  },
  {
    name: 'of two closes the one that came first decides, not the earlier',
    file: nowSql,
    edit: [
      'ORDER BY till_close.id\n      LIMIT 1\n    ) AS closed ON TRUE',
      'LIMIT 1\n    ) AS closed ON TRUE',
    ],
    ...{ test: replicas, sees: anyOrder },
  },
  {
    name: 'a drawer has two sessions open',
    file: 'packages/core/till/open-till.ts',
    edit: ['state.openSessionId !== undefined', 'state.openSessionId === ""'],
    ...{ test: pains, sees: 'pain 24' },
  },
  {
    name: 'the store reads no session that is open on a till',
    file: 'apps/store/till/session-sql.ts',
    edit: ['till_id = till.id AND until_at IS NULL', 'till_id = till.id AND FALSE'],
    ...{ test: pains, sees: 'pain 24' },
  },
  {
    name: 'the store closes a session on totals of nothing',
    file: 'apps/store/till/close-till.ts',
    edit: [
      '{ at: { shopId }, session, totals }',
      '{ at: { shopId }, session, totals: { ...totals, cashInMinor: totals.cashOutMinor } }',
    ],
    ...{ test: storeLife, sees: 'a cashier is told nothing that adds up to the drawer' },
  },
]

const sums: readonly BrokenGuard[] = [
  {
    name: 'a drop stays in the drawer',
    file: session,
    edit: ['      totals.droppedMinor +\n', '      0 * totals.droppedMinor +\n'],
    ...{ test: life, sees: arithmetic },
  },
  {
    name: 'what is topped up is expected twice',
    file: session,
    edit: ['      totals.toppedUpMinor,\n', '      2 * totals.toppedUpMinor,\n'],
    ...{ test: life, sees: arithmetic },
  },
  {
    name: 'a refund takes nothing out of the drawer',
    file: totals,
    edit: ['minor(totals.cashOutMinor + ownMinor)', 'minor(totals.cashOutMinor)'],
    ...{ test: life, sees: arithmetic },
  },
  {
    name: 'dollars that are moved count as the session’s own',
    file: totals,
    edit: [
      'foreign !== undefined && currency !== undefined',
      'foreign === undefined && currency === undefined',
    ],
    ...{ test: till, sees: 'each currency of a drawer has its own sums' },
  },
  {
    name: 'a currency that nobody counted is not short',
    file: 'packages/core/till/compare-count.ts',
    edit: ['...expected.keys(), ', ''],
    ...{ test: life, sees: 'every currency is counted' },
  },
  {
    name: 'the last person answers for all of a variance',
    file: 'packages/core/till/hand-over-till.ts',
    edit: ['varianceMinor - (before.get(currency) ?? 0)', 'varianceMinor'],
    ...{ test: life, sees: 'people’s shares of a variance add up to it' },
  },
  {
    name: 'more stays in a drawer than was counted in it',
    file: 'packages/core/till/close-till.ts',
    edit: ['left.minor > counted.countedMinor', 'left.minor < 0'],
    ...{ test: life, sees: 'what stays in the drawer was counted in it' },
  },
  {
    name: 'what was left in a drawer is opened on twice',
    file: 'packages/core/till/open-till.ts',
    edit: ['float.floatMinor - leftMinor - loanMinor', 'float.floatMinor - loanMinor'],
    ...{ test: 'packages/core/verify/pains.test.ts', sees: 'pain 19' },
  },
]

const signatures: readonly BrokenGuard[] = [
  {
    name: 'cash is taken out that is not there',
    file: 'packages/core/cash/held-cash.ts',
    edit: ['wanted.amountMinor > held.balanceMinor', 'wanted.amountMinor < 0'],
    ...{ test: drawer, sees: 'give: more than there is' },
  },
  {
    name: 'who gave cash signs for having got it',
    file: handedOver,
    edit: ['!isReturn && transfer.staffId === staffId', 'transfer.staffId === undefined'],
    ...{ test: drawer, sees: 'receive: by who gave it' },
  },
  {
    name: 'cash is received twice',
    file: handedOver,
    edit: ["transfer.state === 'received'", 'transfer.id === undefined'],
    ...{ test: drawer, sees: 'receive: counted before' },
  },
  {
    name: 'what is missing of a transfer is on its way for ever',
    file: applyHanded,
    edit: ['amount_minor: Math.abs(body.varianceMinor)', 'amount_minor: 0 * body.varianceMinor'],
    ...{ test: handed, sees: twoSigned },
  },
  {
    name: 'declined cash comes into the drawer',
    file: handedOver,
    edit: ['countedMinor: accepts ? countedMinor : minor(0)', 'countedMinor'],
    ...{ test: drawer, sees: 'receive: declined' },
  },
  {
    name: 'a transfer leaves the drawer, and its session’s sums do not know',
    file: applyHanded,
    edit: ['{ dropped_minor: body.amountMinor }', '{ dropped_minor: 0 }'],
    ...{ test: handed, sees: twoSigned },
  },
  {
    name: 'who dropped cash signs for finding it',
    file: 'packages/core/drawer/confirm-drop.ts',
    edit: ['drop.staffId === staffId', 'drop.id === undefined'],
    ...{ test: drawer, sees: 'confirm: by who dropped it' },
  },
  {
    name: 'a swap is worth more on one side',
    file: 'packages/core/drawer/swap-notes.ts',
    edit: ['worth(given) !== worth(taken) || ', ''],
    ...{ test: drawer, sees: 'swap: for less' },
  },
  {
    name: 'somebody approves what they do',
    file: checked,
    edit: ['approval.approverId === actor.staffId', 'approval.id === undefined'],
    ...{ test: approval, sees: 'approval: one’s own' },
  },
  {
    name: 'an approval is good for a larger amount',
    file: checked,
    edit: ['approval.amountMinor !== act.amountMinor', 'approval.amountMinor === act.id'],
    ...{ test: approval, sees: 'approval: of a smaller amount' },
  },
  {
    name: 'an approval is good for another act',
    file: checked,
    edit: ['held.actId !== act.id', 'held.actId === undefined'],
    ...{ test: approval, sees: 'an approval lets through its own act alone' },
  },
  {
    name: 'an approval is used twice',
    file: 'packages/projections/approval/approval-use-sql.ts',
    edit: ['HAVING count(*) > 1', 'HAVING count(*) > 1000'],
    ...{ test: replicas, sees: anyOrder },
  },
  {
    name: 'somebody verifies what they worked in',
    file: 'packages/core/verify/own-work.ts',
    edit: ['if (worker === staffId) return true', 'if (worker === undefined) return true'],
    ...{ test: verify, sees: 'verify' },
  },
]

const refunds: readonly BrokenGuard[] = [
  {
    name: 'a line comes back again and again',
    file: 'packages/core/refund/refund-sale.ts',
    edit: ['line.quantity - refundedQuantity', 'line.quantity'],
    ...{ test: refund, sees: 'what remains of a line counts what came back of it' },
  },
  {
    name: 'two shops take a line back, and the pieces are not added up',
    file: 'packages/projections/apply/exception-sql.ts',
    edit: ['returned.quantity > coalesce(sold.quantity, 0)', 'returned.quantity < 0'],
    ...{
      test: 'packages/projections/apply/apply-facts.pg.test.ts',
      sees: 'a refund of more pieces than was sold',
    },
  },
  {
    name: 'two shops take a sale back, and nobody is told',
    file: 'packages/projections/apply/exception-sql.ts',
    edit: ["WHERE back.lines <> '[]' OR paid.minor > sale.total_minor", 'WHERE FALSE'],
    ...{ test: replicas, sees: anyOrder },
  },
  {
    name: 'refunds that were there before their sale are not looked at',
    file: 'packages/projections/apply/apply-facts.ts',
    edit: ['[...salesRefunded, ...refundedBefore]', '[...salesRefunded]'],
    ...{ test: replicas, sees: anyOrder },
  },
]

const places: readonly BrokenGuard[] = [
  {
    name: 'what a transfer takes from a place outside is not written',
    file: 'packages/projections/apply/effects-sql.ts',
    edit: [
      '-amount_minor AS amount_minor FROM transfers\n',
      "-amount_minor AS amount_minor FROM transfers\n    WHERE from_location NOT LIKE 'over_short:%'\n",
    ],
    ...{ test: replicas, sees: anyOrder },
  },
  {
    name: 'takings leave the drawer less what stays in it twice',
    file: 'packages/projections/till/apply-till-closed.ts',
    edit: ['countedMinor - (left?.minor ?? 0)', 'countedMinor - 2 * (left?.minor ?? 0)'],
    ...{ test: year, sees: added },
  },
  {
    name: 'a float comes out of the safe without its loan',
    file: 'packages/projections/till/apply-till-opened.ts',
    edit: ['minor: -loanMinor', 'minor: -float.leftMinor'],
    ...{ test: year, sees: added },
  },
  {
    name: 'a drop that was short stays whole in the safe',
    file: 'packages/projections/drawer/apply-cash-confirmed.ts',
    edit: ['amount_minor: Math.abs(varianceMinor)', 'amount_minor: 0 * varianceMinor'],
    ...{ test: year, sees: added },
  },
  {
    name: 'a bag that is opened again stays full',
    file: 'packages/projections/safe/apply-bag.ts',
    edit: ["part: 'opened', cash: body.cash", "part: 'opened', cash: []"],
    ...{ test: year, sees: added },
  },
  {
    name: 'a count of the safe moves nothing',
    file: 'packages/projections/safe/apply-safe-counted.ts',
    edit: [
      'for (const { currency, varianceMinor, first } of body.counted) {',
      'for (const { currency, varianceMinor, first } of body.counted.slice(1)) {',
    ],
    ...{ test: year, sees: added },
  },
  {
    name: 'the bank’s statement says less, and its account does not',
    file: 'packages/projections/safe/apply-statement.ts',
    edit: ['varianceMinor: lineMinor - bookedMinor', 'varianceMinor: lineMinor - lineMinor'],
    ...{ test: year, sees: added },
  },
  {
    name: 'more leaves the safe than is in it',
    file: 'packages/core/safe/safe-stock.ts',
    edit: ['if (minor > heldMinor)', 'if (minor < 0)'],
    ...{ test: safe, sees: 'sealing a bag: more than is there' },
  },
  {
    name: 'who sealed a bag verifies it',
    file: 'packages/core/safe/deposit-bag.ts',
    edit: ['sealedBy === staffId', 'sealedBy === undefined'],
    ...{ test: safe, sees: 'who sealed a bag never verifies it' },
  },
  {
    name: 'a bag goes to the bank twice',
    file: 'packages/core/safe/deposit-bag.ts',
    edit: ['!states.includes(bag.state)', 'bag.state === undefined'],
    ...{ test: safe, sees: 'a bag that is deposited' },
  },
  {
    name: 'more comes back to the safe than a person held',
    file: 'packages/core/fund/staff-fund.ts',
    edit: ['if (back > heldMinor)', 'if (back < 0)'],
    ...{ test: fund, sees: 'a return of more than is held' },
  },
]

const polled = 'packages/devices/cash-recycler/rest/rest-driver.test.ts'
const machines: readonly BrokenGuard[] = [
  {
    name: 'any machine’s record is taken for our attempt',
    file: 'packages/devices/cash-recycler/rest/rest-driver.ts',
    edit: ['record.reference !== attempt.seqNo ||', 'false ||'],
    ...{ test: polled, sees: 'loses a start that was not heard' },
  },
  {
    name: 'a start that may still come is taken for none',
    file: 'packages/devices/cash-recycler/rest/rest-driver.ts',
    edit: ["finding.found === 'nothing' && late > 0", 'false && late > 0'],
    ...{ test: polled, sees: 'a start that comes late' },
  },
  {
    name: 'a cancel ends whatever work the machine is at',
    file: 'packages/devices/cash-recycler/rest/rest-driver.ts',
    edit: ['now.idle || now.reference !== seqNo', 'now.idle'],
    ...{ test: polled, sees: 'a cancel that comes too late' },
  },
]

const asked = 'apps/till/machine/machine-state.test.ts'
const finished = 'apps/till/machine/finish-task.test.ts'
const answered = 'apps/till/machine/run-attempts.test.ts'
const atTheMachine: readonly BrokenGuard[] = [
  {
    name: 'a sale is taken to be paid by any amount',
    file: 'apps/till/machine/machine-state.ts',
    edit: [
      "keptMinor(view) === (kind === 'pay_in' ? amountMinor : -amountMinor)",
      'kind !== undefined',
    ],
    ...{ test: asked, sees: 'money of another amount' },
  },
  {
    name: 'a sale that was paid otherwise is written again by its machine',
    file: 'apps/till/machine/machine-state.ts',
    edit: ["attempt.record.stage === 'asked' && isMoved(attempt)", 'isMoved(attempt)'],
    ...{ test: asked, sees: 'an attempt that was left' },
  },
  {
    name: 'an attempt that may still begin is forgotten',
    file: 'apps/till/machine/machine-state.ts',
    edit: [
      "attempt.hearing === 'refused' && attempt.asked === 'once'",
      "attempt.hearing !== 'heard'",
    ],
    ...{ test: asked, sees: 'whatever comes in whatever order' },
  },
  {
    name: 'a server that failed is taken for one that said no',
    file: 'apps/till/machine/run-attempts.ts',
    edit: ['refusal.status >= 400 && refusal.status < 500', 'refusal.status >= 400'],
    ...{ test: answered, sees: 'asked to begin, the store server says that it failed itself' },
  },
  {
    name: 'a sale stands, and is written again after a start',
    file: 'apps/till/machine/finish-task.ts',
    edit: ['(await isRecorded(node, actId))', 'false'],
    ...{ test: finished, sees: 'a page that ended after the sale was written' },
  },
  {
    name: 'an attempt outlives the sale that came of it',
    file: 'apps/till/sale/complete-sale.ts',
    edit: ['...(by !== undefined && { attempts: by.open() }),', ''],
    ...{ test: finished, sees: 'a page that ended after the sale was written' },
  },
  {
    name: 'a sale is written at the prices of now, not at those that were paid',
    file: 'apps/till/sale/complete-sale.ts',
    edit: ['machine?.basket ?? takeBasket(node)', 'takeBasket(node)'],
    ...{ test: finished, sees: 'what was paid is sold as it was rung up' },
  },
]

/** Broken copies of what guards money: of sessions, sums, signatures, refunds, the places cash lies in, and machines. */
export const brokenGuards: readonly BrokenGuard[] = [
  ...states,
  ...sums,
  ...signatures,
  ...refunds,
  ...places,
  ...machines,
  ...recyclerGuards,
  ...atTheMachine,
  ...tenderGuards,
  ...storeMachineGuards,
]
