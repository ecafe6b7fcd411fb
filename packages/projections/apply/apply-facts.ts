import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { FactType } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { type RegisterEdit, readRegisterEdit } from '@tillkeeper/facts/catalogue/register-edit.ts'
import { judgeClock } from '@tillkeeper/facts/seal/judge-clock.ts'
import { insertApprovalUses } from '../approval/approval-use-sql.ts'
import { insertAttachments } from '../attachment/apply-attachment-added.ts'
import { addMovement, insertMovements } from '../cash/apply-cash-moved.ts'
import { raiseMachinePayments } from '../cash/machine-payments-sql.ts'
import { copyRowsMin } from '../copy-rows.ts'
import type { Tx } from '../db.ts'
import { addDropConfirmation, insertDropConfirmations } from '../drawer/apply-cash-confirmed.ts'
import {
  addHandOver,
  addHandOverAnswer,
  insertHandOverAnswers,
  insertHandOvers,
} from '../drawer/apply-cash-handed.ts'
import { addSwap, findFreshSwaps } from '../drawer/apply-cash-swapped.ts'
import { insertDrawerOpenings } from '../drawer/apply-drawer-opened.ts'
import {
  addAnswer,
  addExpense,
  addPayment,
  addSettlement,
  insertAnswers,
  insertExpenses,
  insertPayments,
  insertSettlements,
} from '../expense/apply-expense.ts'
import { raiseExpenseExceptions } from '../expense/expense-exception-sql.ts'
import { addFundIssue, addFundReturn, insertFundEvents } from '../fund/apply-fund.ts'
import { addResolution, insertResolutions } from '../parking/apply-fact-resolved.ts'
import { insertReprints } from '../receipt/apply-receipt-reprinted.ts'
import { addPaperNumber, insertPaperNumbers } from '../receipt/paper-number-sql.ts'
import {
  addDifference,
  addEmptying,
  addResolution as addRecyclerResolution,
  addSettlement as addRecyclerSettlement,
  addStart,
} from '../recycler/add-recycler-cash.ts'
import {
  insertAttempts,
  insertDifferences,
  insertEmptyings,
  insertRecyclerResolutions,
  insertRecyclerSettlements,
  keepTold,
} from '../recycler/apply-recycler.ts'
import { raiseRecyclerExceptions } from '../recycler/recycler-exceptions-sql.ts'
import { addRefund, insertRefunds } from '../refund/apply-sale-refunded.ts'
import { applyRegisterEdits, type RegisterKind } from '../registers/apply-register-edits.ts'
import {
  addBag,
  addBagOpening,
  addDeposit,
  insertBagSteps,
  insertBags,
  touchBag,
} from '../safe/apply-bag.ts'
import {
  addChange,
  insertChangeOrders,
  insertChangeSteps,
  touchCancelledOrder,
  touchOrder,
} from '../safe/apply-change-order.ts'
import { addSafeCount, insertSafeCounts } from '../safe/apply-safe-counted.ts'
import {
  addMatch,
  addUndone,
  insertAsides,
  insertMatches,
  insertStatements,
  insertUndone,
} from '../safe/apply-statement.ts'
import { raiseSafeExceptions } from '../safe/safe-exceptions-sql.ts'
import { addSale, copySales, insertSales } from '../sale/apply-sale-completed.ts'
import { addResume, addStep, addTillHandOver, insertSteps } from '../till/apply-session-steps.ts'
import { addClose, insertCloses } from '../till/apply-till-closed.ts'
import { insertCounts } from '../till/apply-till-counted.ts'
import { insertTillDevices } from '../till/apply-till-enrolled.ts'
import { addSession, insertSessions } from '../till/apply-till-opened.ts'
import {
  raiseLateInSession,
  raiseTwoSessionsOnDrawer,
  refreshSessions,
} from '../till/session-now-sql.ts'
import { addExplanation, insertExplanations } from '../verification/apply-till-explained.ts'
import {
  addVerification,
  insertMovementVerifications,
  insertVerifications,
} from '../verification/apply-till-verified.ts'
import { raiseLookedAt } from '../verification/raise-looked-at-sql.ts'
import type { AppliedFact, AppliedOf } from './applied-fact.ts'
import { type Effects, noEffects } from './effects.ts'
import { copyEffects, insertEffects } from './effects-sql.ts'
import {
  raiseClockSuspect,
  raiseRefundExceedsSale,
  raiseSessionClosedTwice,
} from './exception-sql.ts'

/** The compiler counts: what edits no register has its functions below. */
type ActType = Exclude<FactType, `${RegisterKind}.changed`>

/** How facts of a type become rows: those that are fresh, and what each of them adds elsewhere. */
type Act<Type extends ActType> = {
  readonly insert: (
    tx: Tx,
    org: OrgId,
    facts: readonly AppliedOf<Type>[],
  ) => Promise<readonly string[]>
  /** The same for a great many of them: nothing else is sent meanwhile. */
  readonly copy?: Act<Type>['insert']
  readonly add: (effects: Effects, fact: AppliedOf<Type>) => void
}

const acts: { readonly [Type in ActType]: Act<Type> } = {
  'sale.completed': { insert: insertSales, copy: copySales, add: addSale },
  'sale.refunded': { insert: insertRefunds, add: addRefund },
  'till.opened': { insert: insertSessions, add: addSession },
  'cash.moved': { insert: insertMovements, add: addMovement },
  'cash.given': { insert: insertHandOvers, add: addHandOver },
  'cash.received': { insert: insertHandOverAnswers, add: addHandOverAnswer },
  'cash.confirmed': { insert: insertDropConfirmations, add: addDropConfirmation },
  'cash.swapped': { insert: findFreshSwaps, add: addSwap },
  // An open drawer and a photo add nothing to money.
  'drawer.opened': { insert: insertDrawerOpenings, add: () => {} },
  'attachment.added': { insert: insertAttachments, add: () => {} },
  'till.closed': { insert: insertCloses, add: addClose },
  // A void is a refund, whole, with its own mark.
  'sale.voided': { insert: insertRefunds, add: addRefund },
  'receipt.reprinted': { insert: insertReprints, add: () => {} },
  'till.explained': { insert: insertExplanations, add: addExplanation },
  'till.verified': { insert: insertVerifications, add: addVerification },
  'cash.verified': { insert: insertMovementVerifications, add: () => {} },
  'till.ended': { insert: insertSteps, add: addStep },
  'till.suspended': { insert: insertSteps, add: addStep },
  'till.resumed': { insert: insertSteps, add: addResume },
  'till.handed_over': { insert: insertSteps, add: addTillHandOver },
  // A count moves nothing.
  'till.counted': { insert: insertCounts, add: () => {} },
  // A device adds nothing to money or totals.
  'till.enrolled': { insert: insertTillDevices, add: () => {} },
  'fact.resolved': { insert: insertResolutions, add: addResolution },
  'expense.requested': { insert: insertExpenses, add: addExpense },
  'expense.approved': { insert: insertAnswers, add: addAnswer },
  'expense.declined': { insert: insertAnswers, add: addAnswer },
  'expense.paid': { insert: insertPayments, add: addPayment },
  'expense.settled': { insert: insertSettlements, add: addSettlement },
  'bag.sealed': { insert: insertBags, add: addBag },
  'bag.verified': { insert: insertBagSteps, add: touchBag },
  'bag.collected': { insert: insertBagSteps, add: touchBag },
  'bag.opened': { insert: insertBagSteps, add: addBagOpening },
  'bag.deposited': { insert: insertBagSteps, add: addDeposit },
  'safe.counted': { insert: insertSafeCounts, add: addSafeCount },
  'change.ordered': { insert: insertChangeOrders, add: touchOrder },
  'change.received': { insert: insertChangeSteps, add: addChange },
  'change.cancelled': { insert: insertChangeSteps, add: touchCancelledOrder },
  'fund.issued': { insert: insertFundEvents, add: addFundIssue },
  'fund.returned': { insert: insertFundEvents, add: addFundReturn },
  // A line of a statement moves nothing until somebody says what it is.
  'statement.imported': { insert: insertStatements, add: () => {} },
  'statement.matched': { insert: insertMatches, add: addMatch },
  'statement.set_aside': { insert: insertAsides, add: () => {} },
  'statement.undone': { insert: insertUndone, add: addUndone },
  'recycler.started': { insert: insertAttempts, add: addStart },
  'recycler.settled': { insert: insertRecyclerSettlements, add: addRecyclerSettlement },
  'recycler.differed': { insert: insertDifferences, add: addDifference },
  'recycler.resolved': { insert: insertRecyclerResolutions, add: addRecyclerResolution },
  'recycler.emptied': { insert: insertEmptyings, add: addEmptying },
  // How a machine is moves nothing.
  'recycler.told': { insert: keepTold, add: () => {} },
}

export type ApplyOptions = {
  /**
   * The caller knows that none of the facts was applied before, since it has just given them their
   * ids in the journal. Then nothing waits for an answer in between; were it not so, it is a bug, and
   * the transaction fails.
   */
  readonly allFresh?: boolean
}

/**
 * Turns facts into rows, set by set. Facts that were applied before change nothing; the order of facts
 * of different authors does not matter. The caller holds the organisation (`lockOrg`). Returns the
 * acts (not the register edits) that were new. No clock and no chance in it.
 */
export async function applyFacts(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedFact[],
  { allFresh = false }: ApplyOptions = {},
): Promise<readonly AppliedFact[]> {
  const once = [...new Map(facts.map((applied) => [applied.fact.id, applied])).values()]
  const asked = once.filter(({ fact }) => fact.type in acts)
  if (!allFresh && asked.length >= copyRowsMin) return applyMany(tx, org, { once, asked })
  const edits = applyRegisterEdits(tx, org, once.flatMap(registerEdit))
  const inserted = insertActs(tx, org, asked)
  if (allFresh) {
    const [fresh] = await Promise.all([inserted, writeEffects(tx, org, asked), edits])
    assert(fresh.size === asked.length, 'facts that are new in the journal are new in the tables')
    return asked
  }
  const [fresh] = await Promise.all([inserted, edits])
  const news = asked.filter(({ fact }) => fresh.has(fact.id))
  await writeEffects(tx, org, news)
  return news
}

// A COPY has the connection to itself, so here one thing is done after the other: a few more trips for
// hundreds of facts.
async function applyMany(
  tx: Tx,
  org: OrgId,
  {
    once,
    asked,
  }: { readonly once: readonly AppliedFact[]; readonly asked: readonly AppliedFact[] },
): Promise<readonly AppliedFact[]> {
  await applyRegisterEdits(tx, org, once.flatMap(registerEdit))
  const fresh = new Set<string>()
  for (const type of Object.keys(acts) as ActType[]) {
    const ofType = asked.filter(({ fact }) => fact.type === type) as AppliedOf<ActType>[]
    if (ofType.length === 0) continue
    const { insert, copy } = acts[type] as Act<ActType>
    const write = copy !== undefined && ofType.length >= copyRowsMin ? copy : insert
    for (const id of await write(tx, org, ofType)) fresh.add(id)
  }
  const news = asked.filter(({ fact }) => fresh.has(fact.id))
  await writeEffects(tx, org, news, copyEffects)
  return news
}

async function insertActs(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedFact[],
): Promise<ReadonlySet<string>> {
  const ids = await Promise.all(
    (Object.keys(acts) as ActType[]).map((type) => {
      const ofType = facts.filter(({ fact }) => fact.type === type)
      if (ofType.length === 0) return []
      // Each type's facts go to its own functions; the compiler cannot follow the key that far.
      return (acts[type] as Act<ActType>).insert(tx, org, ofType as AppliedOf<ActType>[])
    }),
  )
  return new Set(ids.flat())
}

async function writeEffects(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedFact[],
  write: typeof insertEffects = insertEffects,
): Promise<void> {
  const effects = noEffects()
  for (const applied of facts) {
    const { add } = acts[applied.fact.type as ActType] as Act<ActType>
    add(effects, applied as AppliedOf<ActType>)
    addPaperNumber(effects, applied)
  }
  const { salesRefunded, sessionsClosed } = effects
  const suspects = facts.filter(isFromFuture)
  if (suspects.length > 0) await raiseClockSuspect(tx, org, suspects)
  await insertApprovalUses(tx, org, facts)
  await insertPaperNumbers(tx, org, effects.paperNumbers)
  const written = write(tx, org, effects)
  // A COPY has the connection to itself; else all is sent at once and done in order.
  if (write === copyEffects) await written
  const [{ refundedBefore, lookedAt }] = await Promise.all([
    written,
    refreshWhatChanged(tx, org, effects),
  ])
  const refunded = new Set([...salesRefunded, ...refundedBefore])
  if (refunded.size > 0) await raiseRefundExceedsSale(tx, org, [...refunded])
  if (sessionsClosed.size > 0) await raiseSessionClosedTwice(tx, org, [...sessionsClosed])
  if (lookedAt.length > 0) await raiseLookedAt(tx, org, lookedAt)
  await raiseExpenseExceptions(tx, org, effects)
  await raiseSafeExceptions(tx, org, effects.touched)
  await raiseRecyclerExceptions(tx, org, effects.touched)
  await raiseMachinePayments(tx, org, effects.touched.attempts)
}

async function refreshWhatChanged(tx: Tx, org: OrgId, effects: Effects): Promise<void> {
  const changed = [...effects.sessionsChanged]
  const added = [...effects.sessions.keys()]
  await Promise.all([
    changed.length > 0 && refreshSessions(tx, org, changed),
    changed.length > 0 && raiseTwoSessionsOnDrawer(tx, org, changed),
    added.length > 0 && raiseLateInSession(tx, org, added),
  ])
}

// Judged by the moment that the journal learned of it, so that tables built again say the same.
function isFromFuture({ fact, recordedAt }: AppliedFact): boolean {
  return judgeClock(fact.hlc, Date.parse(recordedAt)).kind === 'future'
}

function registerEdit({ fact }: AppliedFact): readonly RegisterEdit[] {
  const edit = readRegisterEdit(fact)
  return edit === undefined ? [] : [edit]
}
