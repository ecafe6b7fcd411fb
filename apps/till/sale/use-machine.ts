import { exponentOf } from '@tillkeeper/core/money/currency.ts'
import { useEffect } from 'react'
import type { TillNode } from '../app/node.ts'
import { hearAck } from '../app/record-act.ts'
import { useNode, useTill } from '../app/use-till.ts'
import type { Finished } from '../machine/finish-task.ts'
import type { MachineRecord } from '../machine/machine-record.ts'
import type { MachineAttempt } from '../machine/machine-state.ts'
import { tellAttempt } from '../machine/run-attempts.ts'
import { isSameCart } from './cart.ts'
import { holdCart, keepCart } from './keep-cart.ts'
import { openPay } from './pay-state.ts'
import { closeMachine, onPaid, openMachine, type SaleScreen } from './sale-state.ts'

type SetScreen = (change: (screen: SaleScreen) => SaleScreen) => void

/**
 * Keeps the screen with the machine: an attempt that somebody stands before is shown, also one that was found after
 * a start; what came of it is shown as if it had been paid here.
 */
export function useMachine({ at }: SaleScreen['panel'], setScreen: SetScreen) {
  const node = useNode()
  const front = useTill(
    ({ attempts }) => attempts.find(({ record }) => record.stage === 'asked')?.record.attemptId,
  )
  const finished = useTill((state) => state.finished)
  useEffect(() => {
    if (front !== undefined) setScreen((held) => openMachine(held, front))
    // Nothing is left to be shown: it was forgotten elsewhere.
    else if (at === 'machine' && finished === undefined) setScreen((held) => closeMachine(held))
  }, [front, at, finished, setScreen])
  useEffect(() => {
    if (finished === undefined) return
    void show(node, finished, setScreen)
  }, [finished, node, setScreen])

  return {
    onLeft: (record: MachineRecord, how: 'leave' | 'aside') =>
      setScreen((held) =>
        closeMachine(held, how === 'aside' ? aside(node, record) : payAgain(record)),
      ),
    onResume: (attempt: MachineAttempt) => {
      takeCart(node, attempt.record)
      tellAttempt(node, attempt.record.attemptId, { type: 'key', key: 'resume' })
    },
  }
}

async function show(node: TillNode, finished: Finished, setScreen: SetScreen): Promise<void> {
  const done = () => node.state.setState({ finished: undefined })
  if (finished.is === 'done') {
    setScreen((held) => closeMachine(held, { at: 'machine_done', record: finished.record }))
    return done()
  }
  const { made } = finished
  const ack = await hearAck(node, made.place)
  if (finished.is === 'sale') {
    const paid = { ...finished.made, ack, machine: finished.given }
    setScreen((held) => onPaid(held, paid))
  } else {
    const refund = { stage: 'done' as const, made: finished.made, ack }
    setScreen((held) => closeMachine(held, { at: 'refund', refund }))
  }
  done()
}

/** The pay panel as it was when the machine was asked. What is for no sale goes back to where it was asked. */
function payAgain({ task, currency }: MachineRecord) {
  if (task.kind !== 'sale') return undefined
  const { ask, basket } = task
  const terms = { currency, rates: basket.rates, rounding: basket.rounding }
  const { id, totalMinor: dueMinor, tenders } = ask
  const pay = openPay({ id, dueMinor, digits: exponentOf(currency), terms })
  return { at: 'pay' as const, pay: { ...pay, tenders } }
}

/** The sale waits in its attempt, and its cart makes room for the next customer. */
function aside(node: TillNode, { task }: MachineRecord) {
  if (task.kind === 'sale') {
    const { cart } = task.basket
    keepCart(node, (held) =>
      isSameCart(held, cart) ? { ...held, lines: [], selected: undefined } : held,
    )
  }
  return { at: 'products' as const }
}

/** The cart of a sale that was put aside comes back; what is in the cart now is held. */
function takeCart(node: TillNode, { task }: MachineRecord): void {
  if (task.kind !== 'sale') return
  holdCart(node)
  keepCart(node, () => task.basket.cart)
}
