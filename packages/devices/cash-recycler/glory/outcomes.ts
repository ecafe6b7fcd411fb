import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import { amountMax, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { canBeMoved, textCharsMax } from '../bounds.ts'
import type { Attempt, Condition, Fault, Reply, StartRefusal } from '../contract.ts'
import { errorText, meaningOf, type ResultMeaning, statusOf } from './codes.ts'
import {
  cashIn,
  cashOut,
  countsOf,
  isReadable,
  type Message,
  machineStatusOf,
  piecesOf,
} from './messages.ts'
import type { Request } from './requests.ts'
import { childrenOf, type Element, textOf, wholeOf } from './xml.ts'

// What the machine's answers mean for an attempt. Pure. A code is never believed about money: amounts are, and
// an answer that lacks them, or has some that cannot be read, says that it does not know.

/** What an answer to a call of an attempt means. */
export type Outcome =
  | { readonly is: 'reply'; readonly reply: Reply }
  | { readonly is: 'refused'; readonly refusal: StartRefusal }
  /** A deposit or replenishment has begun. */
  | { readonly is: 'started' }
  /** It says nothing of what moved: the machine has to be asked. */
  | { readonly is: 'unknown' }

const starts: ReadonlySet<string> = new Set([
  'startcashinresponse',
  'startreplenishmentfromentranceresponse',
  'startreplenishmentfromcassetteresponse',
])
const ends: ReadonlySet<string> = new Set([
  'endcashinresponse',
  'endreplenishmentfromentranceresponse',
  'endreplenishmentfromcassetteresponse',
])
const gaveBack: ReadonlySet<string> = new Set([
  'changeresponse',
  'cashincancelresponse',
  'replenishmentfromentrancecancelresponse',
])
const gaveOnly: ReadonlySet<string> = new Set(['cashoutresponse', 'collectresponse'])

/** Whether an answer of this name can say how an attempt ended. */
export const endsAttempt = (name: string): boolean =>
  ends.has(name) || gaveBack.has(name) || gaveOnly.has(name)

const refusals: { readonly [Meaning in ResultMeaning]?: StartRefusal['code'] } = {
  busy: 'busy',
  mine: 'busy',
  occupied: 'occupied',
  not_occupied: 'occupied',
  mode_off: 'not_able',
  verify: 'not_able',
  session: 'login',
  login: 'login',
  duplicate: 'duplicate',
  refused: 'bad_request',
}
const results: { readonly [Meaning in ResultMeaning]?: Reply['result'] } = {
  ok: 'done',
  cancelled: 'cancelled',
  short: 'short',
  // It owes the customer: fewer pieces than it meant to give, and somebody has to look.
  refund_short: 'inconsistent',
  inconsistent: 'inconsistent',
}

/**
 * What an answer means for `attempt`. `begun`: something was heard of the work already, so that a refusal now is
 * no word about what moved.
 */
export function outcomeOf(message: Message, attempt: Attempt, begun: boolean): Outcome {
  const code = String(message.result ?? 'none')
  const meaning = message.result === undefined ? 'unknown' : meaningOf(message.result)
  if (starts.has(message.name) && meaning === 'ok') return { is: 'started' }
  const moved = movedBy(message, attempt)
  const refusal = refusals[meaning]
  if (refusal !== undefined && (moved === undefined || !moved.any)) {
    if (begun) return { is: 'unknown' }
    return { is: 'refused', refusal: { code: refusal, makerCode: code } }
  }
  if (moved === undefined || (meaning === 'ok' && !moved.whole)) return { is: 'unknown' }
  const result = moved.readable ? resultOf(message.name, meaning) : 'inconsistent'
  return { is: 'reply', reply: { result, in: moved.in, out: moved.out, code } }
}

function resultOf(name: string, meaning: ResultMeaning): Reply['result'] {
  const result = results[meaning] ?? 'failed'
  // The answer to a cancellation says that the cancellation succeeded.
  return result === 'done' && /cancelresponse$/.test(name) ? 'cancelled' : result
}

type Moved = {
  readonly in: Pieces
  readonly out: Pieces
  readonly any: boolean
  /** Whether what has to be there of work that was done is there. */
  readonly whole: boolean
  /** Whether every denomination could be read, and is of the attempt's money. */
  readonly readable: boolean
}

/** Where a collection says what it moved, best first: to the overflow, out, from a mixed stacker, from a cassette. */
const collected = [8, cashOut, 9, 10]

function movedBy({ name, body }: Message, { currency, work }: Attempt): Moved | undefined {
  const block = (type: number, fallback = false) => piecesOf(body, type, currency, fallback)
  let taken: Pieces | undefined
  let given: Pieces | undefined
  if (gaveBack.has(name)) [taken, given] = [block(cashIn), block(cashOut)]
  else if (ends.has(name)) taken = block(cashIn, true)
  else if (name === 'cashoutresponse') given = block(cashOut, true)
  else {
    const found = collected.map((type) => block(type)).filter((pieces) => pieces !== undefined)
    given = found.find((pieces) => pieces.length > 0) ?? found[0]
  }
  if (taken === undefined && given === undefined) return undefined
  const takes = work.kind !== 'pay_out' && work.kind !== 'collect'
  const sane = canBeMoved(taken ?? []) && canBeMoved(given ?? [])
  return {
    in: sane ? (taken ?? []) : [],
    out: sane ? (given ?? []) : [],
    any: (taken ?? []).length + (given ?? []).length > 0,
    whole: (takes ? taken : given) !== undefined,
    // Money that was left out would be money that nobody counts.
    readable: sane && isReadable(childrenOf(body, 'cash'), currency),
  }
}

const transactionOf: { readonly [Kind in Attempt['work']['kind']]: RegExp } = {
  pay_in: /change/i,
  pay_out: /change|cashout/i,
  deposit: /cashin/i,
  replenish: /replenish/i,
  collect: /collect/i,
}

/**
 * The machine's own record of work that was broken off, as far as it is of this kind of work. It bears no number
 * of ours, so it is `failed`: believed only where what the machine holds agrees (settle-attempt.ts).
 */
export function incompleteReply({ body }: Message, attempt: Attempt): Reply | undefined {
  const name = textOf(body, 'transactionname')
  if (name !== undefined && !transactionOf[attempt.work.kind].test(name)) return undefined
  for (const part of ['current', 'committed']) {
    const blocks = childrenOf(body, part).flatMap((one) => childrenOf(one, 'cash'))
    if (blocks.length === 0) continue
    const of = (type: number) => {
      const block = blocks.find((one) => wholeOf(one.attributes.get('type')) === type)
      return block === undefined ? [] : countsOf(block, attempt.currency)
    }
    const [taken, given] = [of(cashIn), of(cashOut)]
    if (!canBeMoved(taken) || !canBeMoved(given) || !isReadable(blocks, attempt.currency)) {
      return { result: 'inconsistent', in: [], out: [], code: 'IncompleteTransaction' }
    }
    return { result: 'failed', in: taken, out: given, code: 'IncompleteTransaction' }
  }
  return undefined
}

/** The call that begins an attempt. */
export function requestOf(
  { work, currency }: Attempt,
  devIdOf: (faceMinor: Minor) => 1 | 2,
): Request {
  switch (work.kind) {
    case 'pay_in':
      return { op: 'change', amountMinor: work.amountMinor }
    case 'pay_out':
      return work.pieces === undefined
        ? { op: 'change', amountMinor: -work.amountMinor }
        : { op: 'cashout', currency, pieces: work.pieces, devIdOf }
    case 'deposit':
      return { op: 'start_cashin' }
    case 'replenish':
      return { op: work.from === 'entrance' ? 'start_replenish' : 'start_cassette' }
    case 'collect':
      return { op: 'collect', to: work.to, currency, pieces: work.pieces, devIdOf }
  }
}

/** The call that takes an attempt back, and the one that says "that was all"; none where there is no way. */
export function cancelOf({ work }: Attempt): Request | undefined {
  if (work.kind === 'pay_in') return { op: 'change_cancel', short: false }
  if (work.kind === 'pay_out')
    return work.pieces === undefined ? { op: 'change_cancel', short: false } : undefined
  if (work.kind === 'deposit') return { op: 'cashin_cancel' }
  if (work.kind === 'replenish' && work.from === 'entrance') return { op: 'replenish_cancel' }
  return undefined
}
export function finishOf({ work }: Attempt): Request | undefined {
  if (work.kind === 'deposit') return { op: 'end_cashin' }
  if (work.kind !== 'replenish') return undefined
  return { op: work.from === 'entrance' ? 'end_replenish' : 'end_cassette' }
}

const families: readonly (readonly [RegExp, Fault['kind']])[] = [
  [/^0[0-4]/, 'jam'],
  [/^05/, 'door'],
  [/^E[9A]/, 'cassette'],
  [/^(4401|9990|9995)/, 'power'],
]

/** A device's error, with the code as its manual writes it and where the machine shows the cure. */
export function faultOf(errorCode: number | undefined, help?: string, text?: string): Fault {
  const code = errorCode === undefined || errorCode < 0 ? '' : errorText(errorCode)
  const kind = families.find(([pattern]) => pattern.test(code))?.[1] ?? 'device'
  return {
    kind,
    code,
    text: (text ?? `device error ${code}`.trim()).slice(0, textCharsMax),
    // Half an address leads nowhere.
    ...(help !== undefined && help.length <= textCharsMax && { help }),
  }
}

export const verifyFault = (devices: readonly number[]): Fault => ({
  kind: 'verify',
  code: 'RequireVerification',
  text: `to be counted again: ${devices.map((id) => (id === 2 ? 'coins' : 'notes')).join(', ')}`,
})

/** A note that may be false lies in the machine: it is taken out by hand, and nothing is ended before. */
export const suspiciousFault: Fault = {
  kind: 'device',
  code: '1402',
  text: 'a note that could not be vouched for: open the exit cover, take it out, close it',
}

/** What the machine says of itself; `known` is what an event told of the error before. */
export function conditionOf(
  body: Element,
  unverified: readonly number[],
  known: Fault | undefined,
): Condition {
  const { code, devices } = machineStatusOf(body)
  const meaning = code === undefined ? 'busy' : statusOf(code)
  const ill = devices.find(({ state }) => state !== undefined && state >= 9_200 && state <= 9_500)
  if (ill?.state === 9_300) {
    return { is: 'fault', fault: { kind: 'power', code: '9300', text: 'a unit does not answer' } }
  }
  if (meaning === 'error' || ill !== undefined) {
    const error = ill?.error ?? devices.find((one) => one.error !== 0)?.error
    return { is: 'fault', fault: known ?? faultOf(error === 0 ? undefined : error) }
  }
  if (meaning === 'suspicious') return { is: 'fault', fault: suspiciousFault }
  if (meaning !== 'idle') return { is: 'busy' }
  return unverified.length === 0 ? { is: 'ready' } : { is: 'fault', fault: verifyFault(unverified) }
}

/** The amount of a StatusChangeEvent; negative ones are of work that pays out. */
export function amountOf(body: Element): Minor | undefined {
  const amount = wholeOf(textOf(body, 'amount'))
  if (amount === undefined || Math.abs(amount) > amountMax) return undefined
  return minor(Math.abs(amount))
}

/** Which device has which face, from an answer to Inventory. */
export function devicesOf(body: Element): ReadonlyMap<number, 1 | 2> {
  const found = new Map<number, 1 | 2>()
  const walk = (element: Element) => {
    const face = wholeOf(element.attributes.get('fv'))
    const devId = wholeOf(element.attributes.get('devid'))
    if (face !== undefined && (devId === 1 || devId === 2)) found.set(face, devId)
    for (const child of element.children) walk(child)
  }
  walk(body)
  return found
}
