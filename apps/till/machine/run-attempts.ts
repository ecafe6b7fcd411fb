import { type AskAttempt, AttemptView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { TillNode } from '../app/node.ts'
import type { AskFault } from '../store/ask-store.ts'
import { askWithLogin } from '../store/ask-with-login.ts'
import { finishTask, openWithout } from './finish-task.ts'
import { actOf, linksOf, type MachineRecord, recordsMax } from './machine-record.ts'
import {
  type MachineAttempt,
  type MachineEffect,
  type MachineEvent,
  newAttempt,
  stepMachine,
} from './machine-state.ts'

// Does what machine-state.ts decides: the till's storage first, then the store server.

/** One that the store server has not heard of for so long is not on its way any more. */
const lateMs = 10 * 60_000

export type BeginRefusal =
  /** Another attempt is in front, or one for the same act is not over. */
  | { readonly code: 'machine_first' }
  | { readonly code: 'machine_too_many' }
  | { readonly code: 'not_saved' }

/** Writes an attempt down, and then asks the machine. It comes back when the disk has it. */
export function beginAttempt(
  node: TillNode,
  record: MachineRecord,
): Promise<Outcome<MachineRecord, BeginRefusal>> {
  return node.turns(async () => {
    const { attempts } = node.state.getState()
    const act = actOf(record)
    const inFront = attempts.some((each) => each.record.stage === 'asked')
    const sameAct = attempts.some(
      (each) => act !== undefined && each.record.stage === 'aside' && actOf(each.record) === act,
    )
    if (inFront || sameAct) return refused({ code: 'machine_first' as const })
    if (attempts.length >= recordsMax) return refused({ code: 'machine_too_many' as const })
    const records = [...attempts.map((each) => each.record), record]
    try {
      await node.journal.keep({ attempts: records })
    } catch {
      return refused({ code: 'not_saved' as const }) // Nothing is written, and no machine heard of it.
    }
    node.state.setState((state) => ({ attempts: [...state.attempts, newAttempt(record)] }))
    tellAttempt(node, record.attemptId, { type: 'kept' })
    return accepted(record)
  })
}

/** Gives an attempt its news, and does what follows. */
export function tellAttempt(node: TillNode, attemptId: string, event: MachineEvent): void {
  const before = findAttempt(node, attemptId)
  if (before === undefined) return
  const { attempt, effects } = stepMachine(before, event)
  if (attempt !== before) {
    node.state.setState(({ attempts }) => ({
      attempts: attempts.map((each) => (each === before ? attempt : each)),
    }))
  }
  for (const effect of effects) perform(node, attempt, effect)
}

export function findAttempt(
  { state }: Pick<TillNode, 'state'>,
  attemptId: string,
): MachineAttempt | undefined {
  return state.getState().attempts.find(({ record }) => record.attemptId === attemptId)
}

function perform(node: TillNode, attempt: MachineAttempt, effect: MachineEffect): unknown {
  switch (effect.do) {
    case 'post':
      return post(node, attempt)
    case 'get':
      return get(node, attempt)
    case 'tell':
      return tell(node, attempt, effect.what)
    case 'act':
      return act(node, attempt)
    case 'keep':
      return keepRecords(node)
    case 'forget': {
      const { attemptId } = attempt.record
      node.state.setState(({ attempts }) => ({
        attempts: attempts.filter(({ record }) => record.attemptId !== attemptId),
      }))
      return keepRecords(node)
    }
  }
}

const pathOf = ({ recyclerId }: MachineRecord) => `/v1/recyclers/${recyclerId}/attempts`

async function post(node: TillNode, { record, news: since }: MachineAttempt): Promise<void> {
  const { attemptId, currency, work, tillId, sessionId, approvalId } = record
  const body: AskAttempt = {
    ...{ attemptId, currency, tillId, sessionId, links: linksOf(record) },
    work: work as AskAttempt['work'],
    ...(approvalId !== undefined && { approvalId }),
  }
  const path = pathOf(record)
  const answer = await askWithLogin<AttemptView>(node, AttemptView, { method: 'POST', path, body })
  const refusal = answer.ok ? undefined : answer.refusal
  if (answer.ok) tellAttempt(node, attemptId, { type: 'answered', view: answer.value, since })
  else if (refusal !== undefined && isNo(refusal)) {
    tellAttempt(node, attemptId, { type: 'refused', code: refusal.why })
  } else tellAttempt(node, attemptId, { type: 'unreachable' })
}

/** Whether the store server itself said no, before anything began: any other failure leaves it open. */
function isNo(
  refusal: AskFault | { readonly code: 'no_login' },
): refusal is Extract<AskFault, { code: 'refused' }> {
  return refusal.code === 'refused' && refusal.status >= 400 && refusal.status < 500
}

async function get(node: TillNode, { record, news: since }: MachineAttempt): Promise<void> {
  const { attemptId } = record
  const path = `${pathOf(record)}/${attemptId}`
  const answer = await askWithLogin<AttemptView>(node, AttemptView, { path })
  if (answer.ok) tellAttempt(node, attemptId, { type: 'answered', view: answer.value, since })
  else if (
    answer.refusal.code === 'refused' &&
    answer.refusal.why === 'recycler_attempt_not_found'
  ) {
    const late = node.nowMs() - Date.parse(record.askedAt) > lateMs
    tellAttempt(node, attemptId, { type: 'not_found', late })
  } else tellAttempt(node, attemptId, { type: 'unreachable' })
}

// What it does is told by the news; an answer is one more of them. One that did not arrive can be pressed again.
async function tell(
  node: TillNode,
  { record, news: since }: MachineAttempt,
  what: 'cancel' | 'end-short',
): Promise<void> {
  const { attemptId } = record
  const path = `${pathOf(record)}/${attemptId}/${what}`
  const answer = await askWithLogin<AttemptView>(node, AttemptView, { method: 'POST', path })
  if (answer.ok) tellAttempt(node, attemptId, { type: 'answered', view: answer.value, since })
  else if (answer.refusal.code !== 'refused') tellAttempt(node, attemptId, { type: 'unreachable' })
}

async function act(node: TillNode, { record, view }: MachineAttempt): Promise<void> {
  if (view === undefined) return
  const { attemptId, task } = record
  const done = await finishTask(node, record, view)
  if (!done.ok)
    return tellAttempt(node, attemptId, { type: 'act_refused', code: done.refusal.code })
  // What was given back is over together with what it was given for.
  const over = new Set([attemptId, ...(task.kind === 'give_back' ? [task.forAttemptId] : [])])
  node.state.setState(({ attempts }) => ({
    attempts: attempts.filter((each) => !over.has(each.record.attemptId)),
    finished: done.value,
  }))
  keepRecords(node)
}

// What is written is what stands when the turn comes. A record that stays by mistake is asked for again.
function keepRecords(node: TillNode): void {
  node
    .turns(() => {
      // With the cart: one that is put aside is in one of the two places, whatever happens to the page.
      const { cart, held } = node.state.getState()
      return node.journal.keep({ attempts: openWithout(node, ''), cart, held })
    })
    .catch(() => undefined)
}
