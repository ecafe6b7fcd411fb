import type { BrokenGuard } from './guards.ts'

// What keeps the money of a cash recycler true, below the store server: the table, the settling, the runner, and the
// driver of Glory's machines.

const folder = 'packages/devices/cash-recycler'
const table = { file: `${folder}/recycler-state.ts`, test: `${folder}/recycler-state.test.ts` }
const settling = { file: `${folder}/settle-attempt.ts`, test: `${folder}/recycler-state.test.ts` }
const stories = `${folder}/recycler-money.test.ts`
const runner = { file: `${folder}/run-recycler.ts`, test: `${folder}/run-recycler.test.ts` }
const attempts = { file: `${folder}/glory/run-attempts.ts`, test: `${folder}/glory/driver.test.ts` }
const link = { file: `${folder}/glory/glory-link.ts` }
const outcomes = { file: `${folder}/glory/outcomes.ts`, test: `${folder}/glory/outcomes.test.ts` }
const lines = `${folder}/glory/lines.test.ts`

export const recyclerGuards: readonly BrokenGuard[] = [
  {
    name: 'recycler: a silence is taken for nothing that happened',
    ...table,
    edit: [
      "to({ at: 'finding', attempt }, ...effects, send({ type: 'find', attempt }), wait('find'))",
      'end(attempt, undefined, attempt.before)',
    ],
    ...{ test: stories, sees: 'a start without an answer is looked for' },
  },
  {
    name: 'recycler: a line that breaks forgets the work under way',
    ...table,
    edit: ["to({ at: 'offline', open }, wait(undefined)", "to({ at: 'offline' }, wait(undefined)"],
    ...{ test: stories, sees: 'a line that breaks under work keeps it open' },
  },
  {
    name: 'recycler: a number that the machine knows is taken for nothing',
    ...table,
    edit: [
      "if (event.refusal.code === 'duplicate') return find(state.attempt)",
      "if (event.seqNo === '') return find(state.attempt)",
    ],
    sees: 'a number that the machine knows already is looked for',
  },
  {
    name: 'recycler: the machine is told before the intent is written',
    ...table,
    edit: [
      "{ type: 'note', attempt: noted },",
      "send({ type: 'start', attempt: noted }), { type: 'note', attempt: noted },",
    ],
    ...{ test: stories, sees: 'the machine hears of work when its intent is written' },
  },
  {
    name: 'recycler: what was found after a crash is begun anew',
    ...table,
    edit: [
      'recall: (state, { attempt }) => to({ ...state, open: attempt }),',
      'recall: (state) => to(state),',
    ],
    sees: 'an attempt that the journal remembers is looked for',
  },
  {
    name: 'recycler: what a machine does not vouch for begins work',
    ...table,
    edit: [
      "certain ? idle(stock, { type: 'seen', stock }) : to(state, wait('check')),",
      "idle(stock, { type: 'seen', stock }),",
    ],
    sees: 'what a machine holds is where a later attempt begins only if',
  },
  {
    name: 'recycler: nobody knows, and nothing moved',
    ...settling,
    edit: [
      "{ ending: 'unresolved', in: [], out: [], certain: false, because: 'nothing' }",
      "{ ending: 'not_done', in: [], out: [], certain: true, because: 'nothing' }",
    ],
    sees: 'a wait that ends, a line that breaks and a silence',
  },
  {
    name: 'recycler: a reply that failed is certain',
    ...settling,
    edit: ["reply.result === 'failed' && !(", "reply.code === 'never' && !("],
    ...{ test: stories, sees: 'a reply that failed is certain only where' },
  },
  {
    name: 'recycler: a machine that does not know what it gave is believed',
    ...settling,
    edit: ["reply.result === 'inconsistent' ||", "reply.code === 'never' ||"],
    ...{ test: stories, sees: 'a machine that does not know what it gave is not believed' },
  },
  {
    name: 'recycler: any amount is what was asked for',
    ...settling,
    edit: ["if (kept === work.amountMinor) return 'done'", "if (kept > 0) return 'done'"],
    sees: 'done means that the amount moved',
  },
  {
    name: 'recycler: a machine that holds less than it should is let be',
    ...settling,
    edit: ['if (expected === reported) continue', 'if (expected >= reported) continue'],
    sees: 'differences are what is missing between the acts and the machine',
  },
  {
    name: 'recycler: a journal that failed is taken for one that has the intent',
    ...runner,
    edit: [
      'ports.note(effect.attempt).then(',
      'ports.note(effect.attempt).catch(() => undefined).then(',
    ],
    sees: 'a journal that does not take the intent leaves the machine untold',
  },
  {
    name: 'recycler: an end that was not written is dropped',
    ...runner,
    edit: ['await new Promise<void>((resolve) => ports.after(journalRetryMs, resolve))', 'return'],
    sees: 'an end is written until the journal takes it',
  },
  {
    name: 'recycler: a number is said twice',
    ...attempts,
    edit: ['if (this.#sent.has(seqNo)) return no(', "if (seqNo === '') return no("],
    sees: 'a number is said once',
  },
  {
    name: 'recycler: a change is said again after a session ran out',
    ...link,
    edit: ['if (!repeatable.has(request.op)) return answer', "if (seqNo === '') return answer"],
    ...{ test: attempts.test, sees: 'a session that ran out is renewed before money is asked for' },
  },
  {
    name: 'recycler: an end is said while a doubted note lies in the machine',
    ...attempts,
    edit: ["if (suspicious && request.op !== 'change_cancel') {", "if (seqNo === '') {"],
    sees: 'a suspicious note: nothing is ended while it lies there',
  },
  {
    name: 'recycler: what it holds is a count while it moves',
    file: `${folder}/glory/glory-driver.ts`,
    edit: ["status.at === 'answered' && this.#news.isSound()", "status.at === 'answered'"],
    ...{ test: attempts.test, sees: 'what it holds is vouched for only at rest' },
  },
  {
    name: 'recycler: money that cannot be read is left out of a reply',
    ...outcomes,
    edit: ["readable: sane && isReadable(childrenOf(body, 'cash'), currency),", 'readable: sane,'],
    sees: 'an answer that does not say what moved is no answer',
  },
  {
    name: 'recycler: a refusal is believed of work that had begun',
    ...outcomes,
    edit: ["if (begun) return { is: 'unknown' }", "if (code === 'x') return { is: 'unknown' }"],
    sees: 'a change: by code and by what the answer says of money',
  },
  {
    name: 'recycler: the record of what was broken off is the end of it',
    ...outcomes,
    edit: [
      "{ result: 'failed', in: taken, out: given, code: 'IncompleteTransaction' }",
      "{ result: 'done', in: taken, out: given, code: 'IncompleteTransaction' }",
    ],
    sees: "the machine's record of what it broke off is taken as a claim",
  },
  {
    name: 'recycler: counts that no machine holds are booked',
    file: `${folder}/bounds.ts`,
    edit: ['pieces.length <= facesMax &&', 'pieces.length >= 0 &&'],
    ...{ test: outcomes.test, sees: 'counts that no machine holds are doubted' },
  },
  {
    name: 'recycler: an inventory with a line that cannot be read is a count',
    file: `${folder}/glory/messages.ts`,
    edit: ['let whole = isReadable(units)', 'let whole = true'],
    ...{
      test: `${folder}/glory/messages.test.ts`,
      sees: 'an inventory of which a line cannot be read is no count',
    },
  },
  {
    name: 'recycler: an answer to another number is taken for ours',
    file: `${folder}/glory/soap-line.ts`,
    edit: [
      '(message.seqNo ?? header.seqNo) === header.seqNo',
      "(message.seqNo ?? header.seqNo) !== ''",
    ],
    ...{ test: lines, sees: 'by SOAP: what is not an answer is not one' },
  },
  {
    name: 'recycler: anybody tells how a payment ended',
    file: `${folder}/glory/event-listener.ts`,
    edit: ['if (!isMachine(from)) {', "if (from === 'nobody') {"],
    ...{ test: lines, sees: 'nobody but the machine is heard on the event channel' },
  },
  {
    name: 'recycler: a line that falls twice is opened twice',
    ...link,
    edit: [
      'if (this.#closed || mine !== this.#generation) return\n      this.#stopRelink',
      'if (this.#closed) return\n      this.#stopRelink',
    ],
    ...{ test: outcomes.test, sees: 'a line that falls again while the one before it is closed' },
  },
]
