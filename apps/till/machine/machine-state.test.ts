import type { AttemptView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dueMinor, endedView, payOut, record, viewOf } from './machine.gen.ts'
import type { MachineRecord } from './machine-record.ts'
import {
  foundAttempt,
  isMoved,
  keysOf,
  type MachineAttempt,
  type MachineEvent,
  type MachineKey,
  newAttempt,
  shownOf,
  stepMachine,
} from './machine-state.ts'

const answered = (view: AttemptView, since = 0): MachineEvent => ({ type: 'answered', view, since })
const news = (view: AttemptView): MachineEvent => ({ type: 'news', view })
const key = (pressed: MachineKey): MachineEvent => ({ type: 'key', key: pressed })
const paid = endedView('done', [100_00, 20_00])
const back = endedView('not_done', [50_00, 50_00])
/** By a person's word: a machine's own end would be unresolved. */
const more = endedView('done', [100_00, 0])
const less = endedView('done', [50_00, 0])
const unknown = endedView('unresolved', [100_00, 0])

/** The attempt after some events, with all that was to be done. */
function run(events: readonly MachineEvent[], from: MachineAttempt = newAttempt(record)) {
  let attempt = from
  const done: string[] = []
  for (const event of events) {
    const stepped = stepMachine(attempt, event)
    attempt = stepped.attempt
    done.push(...stepped.effects.map((effect) => Object.values(effect).join(' ')))
  }
  return { attempt, done, shown: shownOf(attempt) }
}

const moving = viewOf({ insertedMinor: minor(50_00) })
const left: MachineAttempt = { ...foundAttempt({ ...record, stage: 'left' }), hearing: 'away' }
const aside: MachineAttempt = foundAttempt({ ...record, stage: 'aside' })

test.each<[string, readonly MachineEvent[], MachineAttempt | undefined, string, string[]]>([
  ['is asked for once it is written', [{ type: 'kept' }], undefined, 'asking', ['post']],
  ['is under way', [answered(moving)], undefined, 'working', []],
  ['is short of change', [news(viewOf({ short: true }))], undefined, 'short', []],
  ['gives change', [news(viewOf({ givingMinor: minor(20_00) }))], undefined, 'giving', []],
  ['is being read', [news(viewOf({ state: 'finding' }))], undefined, 'settling', []],
  ['is open at a machine that is away', [news(viewOf({ state: 'open' }))], undefined, 'open', []],
  ['is written when its money moved', [news(paid)], undefined, 'done', ['act']],
  ['is written once', [news(paid), answered(paid), news(paid)], undefined, 'done', ['act']],
  ['is not written where nothing moved', [news(back)], undefined, 'not_done', []],
  ['is not written where nobody knows', [news(unknown)], undefined, 'unresolved', []],
  ['is written by a person’s word', [news(unknown), answered(paid)], undefined, 'done', ['act']],
  ['stays ended, whatever is heard late', [news(paid), news(moving)], undefined, 'done', ['act']],
  ['stays unresolved', [news(unknown), news(moving)], undefined, 'unresolved', []],
  [
    'believes news before an older answer',
    [news(moving), answered(viewOf())],
    undefined,
    'working',
    [],
  ],
  [
    'is not known while nobody answers',
    [answered(moving), { type: 'unreachable' }],
    undefined,
    'away',
    [],
  ],
  [
    'ends though a line is lost after it',
    [news(paid), { type: 'unreachable' }],
    undefined,
    'done',
    ['act'],
  ],
  ['did not begin', [{ type: 'refused', code: 'recycler_busy' }], undefined, 'not_begun', []],
  ['began after all', [{ type: 'refused', code: 'x' }, news(moving)], undefined, 'working', []],
  ['was never heard of', [{ type: 'not_found', late: false }], undefined, 'not_begun', []],
  [
    'was known, and is forgotten',
    [answered(moving), { type: 'not_found', late: true }],
    undefined,
    'unresolved',
    [],
  ],
  ['is not asked again while it is asked', [{ type: 'look' }], undefined, 'asking', []],
  ['is asked for after a start', [{ type: 'look' }], foundAttempt(record), 'asking', ['get']],
  ['is cancelled', [news(moving), key('cancel')], undefined, 'working', ['tell cancel']],
  ['is not cancelled after its end', [news(paid), key('cancel')], undefined, 'done', ['act']],
  [
    'is left where it was refused',
    [{ type: 'refused', code: 'x' }, key('leave')],
    undefined,
    'not_begun',
    ['forget'],
  ],
  [
    'is watched where it may have been heard',
    [{ type: 'unreachable' }, { type: 'not_found', late: false }, key('leave')],
    undefined,
    'not_begun',
    ['keep left'],
  ],
  [
    'is watched where its second question was refused',
    [
      { type: 'unreachable' },
      { type: 'not_found', late: false },
      key('retry'),
      { type: 'refused', code: 'x' },
      key('leave'),
    ],
    undefined,
    'not_begun',
    ['post', 'keep left'],
  ],
  ['goes when it was left and nothing moved', [news(back)], left, 'not_done', ['forget']],
  [
    'goes when it was left and never heard of',
    [{ type: 'not_found', late: true }],
    left,
    'not_begun',
    ['forget'],
  ],
  ['is stopped when it begins after it was left', [news(moving)], left, 'working', ['tell cancel']],
  ['is not stopped twice', [news(viewOf({ cancelling: true }))], left, 'cancelling', []],
  ['that was left is never written', [news(paid)], left, 'done', []],
  ['that was put aside is written by hand', [news(paid)], aside, 'done', []],
  ['that was put aside is written', [news(paid), key('write')], aside, 'done', ['act']],
  [
    'goes on where it was put aside',
    [key('resume'), news(paid)],
    aside,
    'done',
    ['keep asked', 'act'],
  ],
  ['that kept more waits for a hand', [news(more)], undefined, 'kept_more', []],
  [
    'that kept more is written by hand, once',
    [news(more), key('write'), key('write')],
    undefined,
    'kept_more',
    ['act'],
  ],
  ['that kept less is never written', [news(less), key('write')], undefined, 'unresolved', []],
  [
    'could not be written, and is tried again by hand',
    [news(paid), { type: 'act_refused', code: 'not_saved' }, news(paid), key('write')],
    undefined,
    'done',
    ['act', 'act'],
  ],
])('an attempt %s', (_, events, from, shown, done) => {
  expect(run(events, from)).toMatchObject({ shown, done })
})

test.each([
  ['another amount', endedView('done', [100_00, 0])],
  ['another attempt', { ...paid, attemptId: record.recyclerId }],
  ['another currency', { ...paid, currency: 'EUR' as typeof record.currency }],
  ['no end', { ...paid, state: 'settling' as const }],
  ['no certain end', { ...paid, ending: 'unresolved' as const }],
  ['money the other way', endedView('done', [0, 80_00])],
])('money of %s does not pay', (_, view) => {
  expect(isMoved({ record, view })).toBe(false)
  expect(run([news(view)]).done).toEqual([])
})

test('what a machine gives is right when it left the machine', () => {
  expect(isMoved({ record: payOut, view: endedView('done', [0, 80_00], payOut) })).toBe(true)
  expect(isMoved({ record: payOut, view: endedView('done', [80_00, 0], payOut) })).toBe(false)
})

// ---- any order, any repetition, a restart anywhere

type Truth =
  | 'never'
  | 'done'
  | 'not_done'
  | 'unresolved'
  | 'unresolved_done'
  | 'unresolved_not_done'

/** What the store server says of an attempt as it goes on. */
function course(truth: Truth): readonly AttemptView[] {
  const begun = [viewOf({ state: 'starting' }), viewOf(), moving]
  const late = [viewOf({ state: 'open' }), viewOf({ state: 'finding' })]
  switch (truth) {
    case 'never':
      return []
    case 'done':
      return [...begun, viewOf({ givingMinor: minor(20_00) }), ...late, paid]
    case 'not_done':
      return [...begun, viewOf({ cancelling: true }), ...late, back]
    case 'unresolved':
      return [...begun, ...late, unknown]
    case 'unresolved_done':
      return [...begun, ...late, unknown, paid]
    case 'unresolved_not_done':
      return [...begun, ...late, unknown, back]
  }
}

/** A till with one attempt, its storage, and a store server that tells what it tells in its own time. */
class World {
  disk: MachineRecord | undefined = record
  page: MachineAttempt | undefined = newAttempt(record)
  /** Questions to begin that are on their way, and whether one arrived. */
  posts = 0
  known = false
  refused = false
  told = 0
  acts = 0
  writing = false
  forgot: 'no' | 'by_itself' | 'by_hand' = 'no'
  readonly views: readonly AttemptView[]

  constructor(views: readonly AttemptView[]) {
    this.views = views
  }

  get now(): AttemptView | undefined {
    return this.known ? this.views[Math.min(this.told, this.views.length - 1)] : undefined
  }

  step(event: MachineEvent): void {
    if (this.page === undefined) return
    const { attempt, effects } = stepMachine(this.page, event)
    this.page = attempt
    for (const effect of effects) {
      if (effect.do === 'post') this.posts += 1
      else if (effect.do === 'act') this.writing = true
      else if (effect.do === 'keep' && this.disk !== undefined) {
        this.disk = { ...this.disk, stage: effect.stage }
      } else if (effect.do === 'forget') {
        this.disk = undefined
        this.page = undefined
        this.forgot = event.type === 'key' && event.key === 'forget' ? 'by_hand' : 'by_itself'
      }
    }
  }

  /** The fact and the record's end are one transaction. */
  write(): void {
    if (!this.writing) return
    this.acts += 1
    this.disk = undefined
    this.page = undefined
    this.writing = false
  }

  restart(): void {
    this.writing = false
    this.page = this.disk && foundAttempt(this.disk)
    this.step({ type: 'look' })
  }

  arrive(): unknown {
    if (this.posts === 0) return
    this.posts -= 1
    if (this.views.length === 0) {
      this.refused = true
      return this.step({ type: 'refused', code: 'recycler_busy' })
    }
    this.known = true
    this.hear(0)
  }

  hear(since: number): void {
    if (this.now !== undefined) this.step(answered(this.now, since))
    else if (this.posts === 0 || this.page?.asked === 'maybe_more') {
      this.step({ type: 'not_found', late: this.posts === 0 })
    }
  }
}

const keys: readonly MachineKey[] = [
  ...(['cancel', 'end_short', 'retry', 'look', 'leave', 'aside', 'resume', 'write'] as const),
  'forget',
]
const stepOf = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ is: 'goes_on' as const }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('news' as const), at: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('answer' as const), since: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('key' as const), at: fc.nat(8) }) },
  { weight: 2, arbitrary: fc.constant({ is: 'restart' as const }) },
  { weight: 2, arbitrary: fc.constant({ is: 'post_arrives' as const }) },
  { weight: 1, arbitrary: fc.constant({ is: 'post_lost' as const }) },
  { weight: 1, arbitrary: fc.constant({ is: 'away' as const }) },
  { weight: 3, arbitrary: fc.constant({ is: 'written' as const }) },
  { weight: 1, arbitrary: fc.constant({ is: 'not_written' as const }) },
)
type Step = typeof stepOf extends fc.Arbitrary<infer T> ? T : never

function play(world: World, step: Step): unknown {
  switch (step.is) {
    case 'goes_on':
      if (world.known) world.told += 1
      return
    case 'news': {
      // Any that was said until now: late, twice, out of order.
      const view = world.known ? world.views[Math.min(step.at, world.told)] : undefined
      return view && world.step(news(view))
    }
    case 'answer':
      return world.hear(step.since)
    case 'key':
      return world.step(key(keys[step.at] ?? 'look'))
    case 'restart':
      return world.restart()
    case 'post_arrives':
      return world.arrive()
    case 'post_lost':
      world.posts = Math.max(0, world.posts - 1)
      return world.step({ type: 'unreachable' })
    case 'away':
      return world.step({ type: 'unreachable' })
    case 'written':
      return world.write()
    case 'not_written':
      if (!world.writing) return
      world.writing = false
      return world.step({ type: 'act_refused', code: 'not_saved' })
  }
}

const truths: readonly Truth[] = [
  ...(['never', 'done', 'not_done', 'unresolved', 'unresolved_done'] as const),
  'unresolved_not_done',
]

test('whatever comes in whatever order, an act is written once, for its money alone, and no money is lost', () => {
  const seen = { acted: 0, forgotten: 0, kept: 0 }
  fc.assert(
    fc.property(
      fc.constantFrom(...truths),
      fc.array(stepOf, { minLength: 4, maxLength: 50 }),
      (truth, steps) => {
        const world = new World(course(truth))
        world.step({ type: 'kept' })
        for (const step of steps) {
          play(world, step)
          // Written only once the store server has said that its money moved.
          if (world.writing || world.acts > 0) {
            expect(world.views.slice(0, world.told + 1)).toContainEqual(paid)
          }
        }
        expect(world.acts).toBeLessThanOrEqual(1)
        // A record goes by its act, or where no money moved and none will, or by a person's hand.
        if (world.forgot === 'by_itself') {
          seen.forgotten += 1
          const never = !world.known && world.posts === 0
          expect(never || world.now?.ending === 'not_done').toBe(true)
        }
        if (world.disk !== undefined) settle(world, seen)
        if (world.acts > 0) seen.acted += 1
      },
    ),
    { numRuns: 6_000 },
  )
  for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(5)
})

/** The line is back and everything was said: what was paid before somebody's eyes is written. */
function settle(world: World, seen: { kept: number }): void {
  seen.kept += 1
  world.restart()
  while (world.posts > 0) world.arrive()
  world.told = world.views.length
  world.hear(0)
  if (world.now?.ending !== 'done' || world.page === undefined) return
  const { stage } = world.page.record
  if (stage === 'aside') world.step(key('write'))
  if (stage === 'left') {
    expect(keysOf(world.page)).toContain('forget')
    return
  }
  world.write()
  expect(world.acts).toBe(1)
  expect(world.disk).toBeUndefined()
}

test('a page never asks a machine before its record is written', () => {
  expect(stepMachine(newAttempt(record), { type: 'look' }).effects).toEqual([])
  expect(newAttempt(record).record.work.amountMinor).toBe(dueMinor)
})
