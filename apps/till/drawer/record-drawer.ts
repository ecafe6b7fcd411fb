import type { HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import { assert } from '@tillkeeper/core/base/assert.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import {
  decideGiveCash,
  decideReceiveCash,
  type GiveCash,
  type GiveCashRefusal,
  type HandOver,
  type ReceiveCash,
  type ReceiveCashRefusal,
} from '@tillkeeper/core/drawer/hand-over-cash.ts'
import { decideOpenDrawer, type OpenDrawerRefusal } from '@tillkeeper/core/drawer/open-drawer.ts'
import {
  decideSwapNotes,
  type SwapNotes,
  type SwapNotesRefusal,
} from '@tillkeeper/core/drawer/swap-notes.ts'
import { addMovement, addSwap } from '@tillkeeper/core/till/session-totals.ts'
import { getTillPlace, type TillNode } from '../app/node.ts'
import { type ActRefusal, recordAct } from '../app/record-act.ts'
import { authorityOf, holdsHere } from '../till/hold-authority.ts'

// What is done with a drawer that is no sale, no refund and no movement: each decided as everywhere, sealed,
// and written with the book that follows from it.

const placeOf = ({ device }: TillNode) => ({ shopId: device.shopId, tillId: device.tillId })
type Id = { readonly id: string }

/** Opens the drawer with nothing sold. Who may not alone brings another person's word. */
export async function openDrawer(
  node: TillNode,
  ask: Id & { readonly reason: string; readonly approval?: HeldApproval | undefined },
): Promise<Outcome<Id, OpenDrawerRefusal | ActRefusal>> {
  const { id, reason } = ask
  const recorded = await recordAct(node, 'till.open', (acting) => {
    const { book } = node.state.getState()
    const decided = decideOpenDrawer(
      {
        at: placeOf(node),
        till: getTillPlace(node),
        openSessionId: book.session?.id,
        authority: authorityOf(acting, ask),
      },
      { staffId: acting.person.id, reason },
    )
    if (!decided.ok) return decided
    const sessionId = book.session?.id
    return accepted({ type: 'drawer.opened' as const, id, sessionId, body: decided.value, book })
  })
  return recorded.ok ? accepted({ id }) : recorded
}

/** Swaps notes for others of the same worth. */
export async function swapNotes(
  node: TillNode,
  { id, ...command }: Id & Omit<SwapNotes, 'staffId'>,
): Promise<Outcome<Id, SwapNotesRefusal | ActRefusal>> {
  const recorded = await recordAct(node, 'cash.move', ({ person }) => {
    const { book } = node.state.getState()
    const decided = decideSwapNotes(
      { at: placeOf(node), session: book.session, holds: holdsHere(node, command.currency) },
      { ...command, staffId: person.id },
    )
    if (!decided.ok) return decided
    const { session } = book
    assert(session !== undefined, 'notes are swapped in an open session')
    const totals = addSwap(session.totals, decided.value)
    return accepted({
      ...{ type: 'cash.swapped' as const, id, sessionId: session.id, body: decided.value },
      book: { ...book, session: { ...session, totals } },
    })
  })
  return recorded.ok ? accepted({ id }) : recorded
}

/** Gives cash to another drawer of the shop. */
export async function giveCash(
  node: TillNode,
  { id, toTillId, ...command }: Id & { readonly toTillId: string } & Omit<GiveCash, 'staffId'>,
): Promise<Outcome<Id, GiveCashRefusal | ActRefusal>> {
  const recorded = await recordAct(node, 'cash.transfer', ({ person }) => {
    const { book, directory } = node.state.getState()
    const { session } = book
    const toTill = directory.tills.get(toTillId)
    const decided = decideGiveCash(
      { at: placeOf(node), session, toTill, holds: holdsHere(node, command.currency) },
      { ...command, staffId: person.id },
    )
    if (!decided.ok) return decided
    assert(session !== undefined, 'cash is given in an open session')
    const totals = addMovement(session.totals, { ...decided.value, kind: 'drop' })
    return accepted({
      ...{ type: 'cash.given' as const, id, sessionId: session.id, body: decided.value },
      book: { ...book, session: { ...session, totals } },
    })
  })
  return recorded.ok ? accepted({ id }) : recorded
}

/** Signs for a transfer, declines it, or takes back what this drawer gave. */
export async function receiveCash(
  node: TillNode,
  { id, transfer, ...command }: Id & { readonly transfer: HandOver } & Omit<ReceiveCash, 'staffId'>,
): Promise<Outcome<Id, ReceiveCashRefusal | ActRefusal>> {
  const recorded = await recordAct(node, 'cash.transfer', ({ person }) => {
    const { book } = node.state.getState()
    const { session } = book
    const decided = decideReceiveCash(
      { at: placeOf(node), session, transfer },
      { ...command, staffId: person.id },
    )
    if (!decided.ok) return decided
    assert(session !== undefined, 'cash is received in an open session')
    const { countedMinor: amountMinor, ...received } = decided.value
    const totals = addMovement(session.totals, { ...received, kind: 'top_up', amountMinor })
    return accepted({
      ...{ type: 'cash.received' as const, id, sessionId: session.id, body: decided.value },
      refs: [transfer.id],
      book: { ...book, session: { ...session, totals } },
    })
  })
  return recorded.ok ? accepted({ id }) : recorded
}
