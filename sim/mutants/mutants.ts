import type { FaultKind } from '../worlds/fault-kinds.ts'

/** What is played on a broken copy of the code, until a checker turns red. */
export type Play =
  /** A scenario of the list, or one of `extra-plays.ts` (from 101 on). */
  | { readonly scenario: number }
  /** So many random worlds with these faults. */
  | { readonly kinds: readonly FaultKind[]; readonly seeds: number }
  /** One world, lived twice: the traces must agree. */
  | { readonly twice: readonly FaultKind[] }

/** One thing broken. Each text must stand in its file exactly once, or the mutant itself has failed. */
export type Mutant = {
  readonly name: string
  /** The promises that it breaks: at least one must turn red. */
  readonly breaks: string
  /** From the root of the repository. */
  readonly file: string
  readonly edits: readonly (readonly [find: string, replace: string])[]
  readonly plays: readonly Play[]
}

const worlds = (seeds: number, ...kinds: readonly FaultKind[]): Play => ({ kinds, seeds })
const scenario = (number: number): Play => ({ scenario: number })

/** Broken copies of what the nodes are made of. */
export const mutants: readonly Mutant[] = [
  {
    name: 'a fact and the state that follows from it are two transactions',
    breaks: 'G4, G10 (I2, I3)',
    file: 'apps/till/journal/journal.ts',
    edits: [
      [
        '      ...putKept(tx, kept),\n      ...(alongside.documents',
        '      ...(alongside.documents',
      ],
      [
        '    this.#held = { ...this.#held, head: next.head, hlc: next.hlc }\n    return next.sealed',
        "    await writeStrictly(this.#deps.db, ['kept'], (tx) => putKept(tx, kept))\n    this.#held = { ...this.#held, head: next.head, hlc: next.hlc }\n    return next.sealed",
      ],
    ],
    plays: [scenario(7), scenario(8), worlds(12, 'kill', 'power_cut')],
  },
  {
    name: 'the till does not wait for its flush',
    breaks: 'G1 (I1)',
    file: 'apps/till/journal/database.ts',
    edits: [["{ durability: 'strict' }", "{ durability: 'relaxed' }"]],
    plays: [scenario(8), worlds(8, 'power_cut')],
  },
  {
    name: 'memory is moved before the disk has it',
    breaks: 'G5, G9 (I5)',
    file: 'apps/till/journal/journal.ts',
    edits: [
      [
        '    const kept: KeptChange = { ...alongside.kept, clock: next.hlc }',
        '    const kept: KeptChange = { ...alongside.kept, clock: next.hlc }\n    this.#held = { ...this.#held, head: next.head }',
      ],
    ],
    plays: [worlds(12, 'disk_full'), scenario(37)],
  },
  {
    name: 'a position may be written over',
    breaks: 'G2, G5 (I2, I5)',
    file: 'apps/till/journal/journal.ts',
    edits: [['        .add({ stream, seq, id, type', '        .put({ stream, seq, id, type']],
    plays: [scenario(40)],
  },
  {
    name: 'an old stream is continued after an unclean start',
    breaks: 'S8 (I5)',
    file: 'apps/till/journal/epoch.ts',
    edits: [['  return mark === head ? epoch : raiseMinor(epoch)', '  return epoch']],
    plays: [scenario(8)],
  },
  {
    name: 'facts are forgotten before the cloud has them',
    breaks: 'G1 (I1)',
    file: 'apps/till/journal/retain.ts',
    edits: [['  return fact.seq <= cloudSeq && ', '  return ']],
    plays: [scenario(101)],
  },
  {
    name: 'what the store server has counts as what the cloud has',
    breaks: 'G6 (I6)',
    file: 'apps/till/journal/outbox.ts',
    edits: [['          cloudSeq,\n', '          cloudSeq: seq,\n']],
    plays: [scenario(11), worlds(4, 'line_down')],
  },
  {
    name: 'what is sealed again gets another id',
    breaks: 'G2 (I2)',
    file: 'apps/till/journal/journal.ts',
    edits: [['  return draft\n', '  return { ...draft, id: draft.id.replace(/....$/, "0000") }\n']],
    plays: [scenario(102)],
  },
  {
    name: 'a receipt counter is not kept',
    breaks: 'G10',
    file: 'apps/till/journal/kept.ts',
    edits: [
      [
        '  const counters = { ...book.counters, [day]: counter }',
        '  const counters = { ...book.counters, [day]: counter - (counter % 5 === 0 ? 1 : 0) }',
      ],
    ],
    plays: [scenario(1)],
  },
  {
    name: 'a sale does not count in its session',
    breaks: 'G4 (I3)',
    file: 'apps/till/sale/complete-sale.ts',
    edits: [
      [
        'totals: addSale(session.totals, body) }',
        'totals: addSale(session.totals, { ...body, totalMinor: body.totalMinor, tenders: [] }) }',
      ],
    ],
    plays: [scenario(1)],
  },
  {
    name: 'batches of a feed are kept under the wrong position',
    breaks: 'G3',
    file: 'apps/till/catalogue/feed-inbox.ts',
    edits: [['            from: head.seq + 1,', '            from: 1,']],
    plays: [scenario(8), worlds(6, 'kill', 'upgrade')],
  },
  {
    name: 'a batch that begins too late is taken',
    breaks: 'G5, S3 (I5, I6)',
    file: 'packages/sync/inbox/place-batch.ts',
    edits: [["  if (batch.from > head.seq + 1) return refused({ code: 'gap' })\n", '']],
    plays: [scenario(3), worlds(6, 'bad_weather')],
  },
  {
    name: 'the chains need not meet',
    breaks: 'G5 (I5, I6)',
    file: 'packages/sync/inbox/place-batch.ts',
    edits: [
      [
        '  if (heldHash === undefined || !sameBytes(meetHash, heldHash)) {',
        '  if (heldHash === undefined) {',
      ],
    ],
    plays: [scenario(104)],
  },
  {
    name: 'facts that are held are taken again',
    breaks: 'G2, G9 (I2)',
    file: 'packages/sync/inbox/place-batch.ts',
    edits: [['    if (seq > head.seq) placed.push(', '    placed.push(']],
    plays: [scenario(2), scenario(1)],
  },
  {
    name: 'damaged bytes are believed',
    breaks: 'G5, S4 (I5)',
    file: 'packages/sync/inbox/place-batch.ts',
    edits: [['  return sameBytes(hash, lastHash)\n', '  return hash.length === lastHash.length\n']],
    plays: [scenario(4), worlds(8, 'bad_weather')],
  },
  {
    name: 'a remembered acknowledgement is trusted',
    breaks: 'G1, G9 (I1, I6)',
    file: 'packages/sync/link/open-session.ts',
    edits: [
      [
        '    const acked = have?.seq ?? 0',
        '    const acked = Math.max(have?.seq ?? 0, head.ackedSeq)',
      ],
    ],
    plays: [worlds(12, 'cloud_restored', 'kill')],
  },
  {
    name: 'a link that failed does not try again',
    breaks: 'G9 (I11)',
    file: 'packages/sync/link/link-state.ts',
    edits: [["    { type: 'wait', run, ms: backoffMs(tries, random, event.retryAfterMs) },\n", '']],
    plays: [worlds(8, 'bad_weather', 'line_down'), scenario(11)],
  },
  {
    name: 'every new fact sends all that waits again',
    breaks: 'G11, S13 (I15)',
    file: 'packages/sync/link/link-state.ts',
    edits: [
      [
        '    changeLane(state.session, stream, (known) => ({ ...known, head })),\n',
        "    changeLane(state.session, stream, (known) => ({ ...known, head, state: 'ready' })),\n",
      ],
    ],
    plays: [scenario(103)],
  },
  {
    name: 'the parent’s limits are not kept',
    breaks: 'S13 (I15)',
    file: 'packages/sync/link/session.ts',
    edits: [['facts: Math.min(session.factsMax, facts) }', 'facts: facts + batchFactsStep }']],
    plays: [scenario(13)],
  },
  {
    name: 'chance is not passed in',
    breaks: 'G12',
    file: 'packages/sync/link/backoff.ts',
    edits: [
      ['Math.floor(backoffFloorMs + random *', 'Math.floor(backoffFloorMs + Math.random() *'],
    ],
    plays: [{ twice: ['bad_weather', 'line_down'] }],
  },
  {
    name: 'the clock follows the wall',
    breaks: 'G8 (I16)',
    file: 'packages/facts/seal/hlc.ts',
    edits: [
      [
        '  if (nowMs > lastMs) return write(nowMs, 0)',
        '  if (nowMs !== lastMs) return write(nowMs, 0)',
      ],
    ],
    plays: [scenario(15), worlds(6, 'clock_jump')],
  },
  {
    name: 'a clock from the future is taken over',
    breaks: 'S14 (I16)',
    file: 'packages/facts/seal/judge-clock.ts',
    edits: [["    if (judgeClock(hlc, trustedNowMs).kind !== 'future') latest", '    latest']],
    plays: [scenario(14)],
  },
  {
    name: 'the last edit to arrive wins',
    breaks: 'G3, S19 (I16)',
    file: 'packages/core/merge/entity.ts',
    edits: [['[...held, edit].sort(compareStamps)', '[...held, edit]']],
    plays: [scenario(19), scenario(20)],
  },
  {
    name: 'a store server may pull every feed',
    breaks: 'G7 (I7)',
    file: 'sim/actors/parent-side.ts',
    edits: [
      [
        "filter(({ stream }) => scopes.has(scopeOf(stream) ?? ''))",
        'filter(({ stream }) => scopes.size > 0 && stream.length > 0)',
      ],
      [': parent.scopesOf(child).includes(scope)', ': true'],
    ],
    plays: [scenario(28), scenario(29)],
  },
  {
    name: 'acknowledged before it is flushed',
    breaks: 'G6 (I1)',
    file: 'sim/actors/journal.ts',
    edits: [
      [
        'headWrite({ ...next, hlc }), clockWrite(clock)],\n          { strict: true },',
        'headWrite({ ...next, hlc }), clockWrite(clock)],\n          { strict: false },',
      ],
    ],
    plays: [scenario(1), worlds(4, 'power_cut')],
  },
  {
    name: 'an edit from the future is dropped',
    breaks: 'S14',
    file: 'sim/actors/relay.ts',
    edits: [
      [
        "          writes.push({ table: 'parked', key: [fact.id, 0], value: row })\n",
        '          void row\n',
      ],
    ],
    plays: [scenario(14)],
  },
  {
    name: 'a word that a copy says is believed',
    breaks: 'S31 (I5)',
    file: 'packages/sync/identity/rolling-token.ts',
    edits: [
      ["  if (at === -1) return 'cloned'\n", ''],
      ["  return history[at + 1] === next ? 'repeats' : 'cloned'\n", "  return 'goes_on'\n"],
    ],
    plays: [scenario(31)],
  },
  {
    name: 'a till seals only the first of its tail again',
    breaks: 'G1 (I1)',
    file: 'apps/till/journal/journal.ts',
    edits: [
      [
        'this.#seal(rows.map(({ bytes }) => readDraft(bytes)))',
        'this.#seal(rows.slice(0, 1).map(({ bytes }) => readDraft(bytes)))',
      ],
    ],
    plays: [scenario(102)],
  },
  {
    name: 'a store server seals only the first of its tail again',
    breaks: 'G1 (I1)',
    file: 'sim/actors/journal.ts',
    edits: [
      [
        'owned.map(({ bytes }) => draftOf(bytes))',
        'owned.slice(0, 1).map(({ bytes }) => draftOf(bytes))',
      ],
    ],
    plays: [scenario(30), scenario(31)],
  },
  {
    name: 'a parent does not say which streams it holds more of',
    breaks: 'G1, G4 (I1)',
    file: 'packages/sync/parent/answer-hello.ts',
    edits: [['((await parent.unsaid?.(said)) ?? [])', '[]']],
    plays: [scenario(30)],
  },
  {
    name: 'a repair takes any bytes',
    breaks: 'S35 (I5)',
    file: 'packages/sync/digest/mend-bucket.ts',
    edits: [['if (proven.length === 0 || !meets)', 'if (proven.length === 0)']],
    plays: [scenario(35)],
  },
  {
    name: 'the bytes of a chunk are only counted',
    breaks: 'S38 (I5)',
    file: 'packages/sync/snapshot/check-chunk.ts',
    edits: [[' && sameBytes(sha256(packed), fromHex(name))', '']],
    plays: [scenario(38)],
  },
  {
    name: 'a clock forgets what it read before',
    breaks: 'S29 (I16)',
    file: 'packages/facts/seal/hlc.ts',
    edits: [
      ['  if (nowMs > lastMs) return write(nowMs, 0)', '  if (nowMs > 0) return write(nowMs, 0)'],
    ],
    plays: [scenario(29)],
  },
  {
    name: 'the till does not hear that its disk is full',
    breaks: 'S37 (I1)',
    file: 'apps/till/journal/database.ts',
    edits: [
      [
        '  await Promise.all([...requests, tx.done])\n',
        '  await Promise.all([...requests, tx.done]).catch(() => {})\n',
      ],
    ],
    plays: [scenario(37)],
  },
]
