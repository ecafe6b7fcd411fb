import { sumPieces } from '@tillkeeper/core/money/denominations.ts'
import { minor, sum } from '@tillkeeper/core/money/money.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Attempt, Stock } from './contract.ts'
import { anyAttempt, anyEvent, anyReply, anyStock, baht, capabilities } from './recycler.gen.ts'
import {
  type RecyclerEffect,
  type RecyclerEvent,
  type RecyclerState,
  step,
} from './recycler-state.ts'
import { compareStock, settleAttempt, worthOf } from './settle-attempt.ts'

// The invariants of docs/specs/cash-recycler.md, over any news in any order.

type Trace = { readonly state: RecyclerState; readonly effects: readonly RecyclerEffect[] }

function run(events: readonly RecyclerEvent[], see: (trace: Trace, event: RecyclerEvent) => void) {
  let state: RecyclerState = { at: 'offline' }
  for (const event of events) {
    const next = step(state, event)
    see(next, event)
    state = next.state
  }
  return state
}

const openOf = (state: RecyclerState): Attempt | undefined => {
  if (state.at === 'offline' || state.at === 'stopped') return state.open
  return 'attempt' in state ? state.attempt : undefined
}

const stories = fc.array(anyEvent, { maxLength: 80 })

test('what was taken ends once, or is still open', () => {
  fc.assert(
    fc.property(stories, (events) => {
      // Attempts of one name may come again in these stories, so they are counted.
      let open = 0
      const last = run(events, ({ effects }, { type }) => {
        for (const effect of effects) {
          if (effect.type === 'note') open += 1
          if (effect.type === 'ended') open -= 1
        }
        // A refusal after a note is the journal's: nothing was taken then.
        if (effects.some((effect) => effect.type === 'refuse') && type === 'not_noted') open -= 1
        expect(open).toBeLessThanOrEqual(1)
      })
      // What was recalled from the journal was noted in another life.
      if (!events.some(({ type }) => type === 'recall')) {
        expect(open).toBe(openOf(last) === undefined ? 0 : 1)
      }
    }),
  )
})

test('nothing is sent to start before the journal has it, and it is sent once', () => {
  fc.assert(
    fc.property(stories, (events) => {
      let noted: string | undefined
      run(events, ({ effects }, event) => {
        for (const effect of effects) {
          if (effect.type === 'note') noted = undefined
          if (effect.type !== 'send' || effect.command.type !== 'start') continue
          expect(event.type).toBe('noted')
          expect(noted).toBeUndefined()
          noted = effect.command.attempt.seqNo
        }
      })
    }),
  )
})

test('work is begun in rest alone, and no work while another is open', () => {
  fc.assert(
    fc.property(stories, (events) => {
      let before: RecyclerState = { at: 'offline' }
      run(events, ({ state, effects }, event) => {
        if (event.type === 'work') {
          expect(effects.some(({ type }) => type === 'note')).toBe(before.at === 'idle')
          expect(effects.some(({ type }) => type === 'refuse')).toBe(before.at !== 'idle')
        }
        before = state
      })
    }),
  )
})

test('a wait that ends, a line that breaks and a silence never say that nothing happened', () => {
  fc.assert(
    fc.property(stories, (events) => {
      let before: RecyclerState = { at: 'offline' }
      run(events, ({ state, effects }, { type }) => {
        const heard = before.at !== 'noting'
        const silent =
          type === 'waited' || type === 'lost' || type === 'no_answer' || type === 'give_up'
        for (const effect of effects) {
          if (effect.type !== 'ended' || !silent || !heard) continue
          // It may end by the reply that is in hand already, and else unresolved.
          const { because, ending } = effect.settled
          expect(because === 'nothing' ? ending : because).toBe(
            because === 'nothing' ? 'unresolved' : 'reply',
          )
        }
        before = state
      })
    }),
  )
})

test('what a machine holds is where a later attempt begins only if the machine vouches for it', () => {
  const doubted: RecyclerEvent = { type: 'stock', stock: [], certain: false }
  expect(step({ at: 'checking' }, doubted).state).toEqual({ at: 'checking' })
  const held: RecyclerState = { at: 'idle', stock: [] }
  const other: Stock = [
    { unit: 'recycling', currency: baht, faceMinor: minor(100), pieces: 1, level: 'normal' },
  ]
  expect(step(held, { type: 'stock', stock: other, certain: false }).state).toEqual(held)
})

test('a number that the machine knows already is looked for, and not taken for nothing', () => {
  const attempt: Attempt = {
    ...{ attemptId: 'a', seqNo: '1', currency: baht, before: [] },
    work: { kind: 'pay_in', amountMinor: minor(100) },
  }
  const refusal = { code: 'duplicate', makerCode: '96' } as const
  const { state, effects } = step(
    { at: 'starting', attempt, cancelled: false },
    { type: 'not_started', seqNo: '1', refusal },
  )
  expect(state.at).toBe('finding')
  expect(effects.some(({ type }) => type === 'ended')).toBe(false)
})

test('an attempt that the journal remembers is looked for as soon as there is a line', () => {
  fc.assert(
    fc.property(anyAttempt(fc.constant('7')), (attempt) => {
      const recalled = step({ at: 'offline' }, { type: 'recall', attempt }).state
      const { state, effects } = step(recalled, { type: 'linked', capabilities })
      expect(state).toEqual({ at: 'finding', attempt })
      expect(effects).toContainEqual({ type: 'send', command: { type: 'find', attempt } })
    }),
  )
})

test('done means that the amount moved, whatever the machine calls it', () => {
  fc.assert(
    fc.property(
      anyAttempt(fc.constant('1')),
      fc.option(anyReply, { nil: undefined }),
      fc.option(anyStock, { nil: undefined }),
      (attempt, reply, after) => {
        const settled = settleAttempt(attempt, reply, after)
        const kept = sumPieces(settled.in) - sumPieces(settled.out)
        const { work } = attempt
        if (settled.ending === 'not_done') expect(kept).toBe(0)
        if (settled.ending !== 'done') return
        expect(settled.certain).toBe(true)
        if (work.kind === 'pay_in') expect(kept).toBe(work.amountMinor)
        if (work.kind === 'pay_out') expect(kept).toBe(-work.amountMinor)
        if (work.kind === 'collect') expect(sumPieces(settled.out)).toBe(sumPieces(work.pieces))
        if (work.kind === 'deposit' || work.kind === 'replenish') expect(kept).toBeGreaterThan(0)
      },
    ),
  )
})

test('without a reply the stock tells what moved, to the piece', () => {
  fc.assert(
    fc.property(anyAttempt(fc.constant('1')), anyStock, (attempt, after) => {
      fc.pre(attempt.work.kind !== 'collect')
      const { in: taken, out: given, because } = settleAttempt(attempt, undefined, after)
      expect(because).toBe('stock')
      expect(sumPieces(taken) - sumPieces(given)).toBe(
        worthOf(after, baht) - worthOf(attempt.before, baht),
      )
    }),
  )
})

test('differences are what is missing between the acts and the machine, and none where they agree', () => {
  fc.assert(
    fc.property(anyAttempt(fc.constant('1')), anyReply, anyStock, (attempt, reply, after) => {
      fc.pre(attempt.work.kind !== 'collect')
      const differences = compareStock(attempt, reply, after)
      const off = sum(
        differences.map(({ faceMinor, expected, reported }) =>
          minor((reported - expected) * faceMinor),
        ),
      )
      const kept = sumPieces(reply.in) - sumPieces(reply.out)
      expect(off).toBe(worthOf(after, baht) - worthOf(attempt.before, baht) - kept)

      const honest = settleAttempt(attempt, undefined, after)
      expect(compareStock(attempt, honest, after)).toEqual([])
    }),
  )
})

test('a collection into the cash box leaves the machine as rich as it was', () => {
  const line = { currency: baht, faceMinor: minor(10_000), level: 'normal' } as const
  const before: Stock = [
    { ...line, unit: 'recycling', pieces: 10 },
    { ...line, unit: 'cash_box', pieces: 2 },
  ]
  const after: Stock = [
    { ...line, unit: 'recycling', pieces: 4 },
    { ...line, unit: 'cash_box', pieces: 8 },
  ]
  const pieces = [{ faceMinor: minor(10_000), pieces: 6 }]
  const attempt: Attempt = {
    ...{ attemptId: 'a', seqNo: '1', currency: baht, before },
    work: { kind: 'collect', to: 'cash_box', pieces },
  }
  const settled = settleAttempt(attempt, undefined, after)
  expect(settled).toMatchObject({ ending: 'done', in: [], out: pieces })
  expect(compareStock(attempt, settled, after)).toEqual([])
})
