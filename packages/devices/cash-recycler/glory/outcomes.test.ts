import { minor } from '@tillkeeper/core/money/money.ts'
import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Attempt, Work } from '../contract.ts'
import { baht } from '../recycler.gen.ts'
import { keepLink } from './glory-link.ts'
import { beat, noBeats, silenceMsOf } from './heartbeat.ts'
import type { Answer, Line, LinePorts } from './line.ts'
import { type Message, readMessages } from './messages.ts'
import { amountOf, conditionOf, faultOf, incompleteReply, outcomeOf } from './outcomes.ts'
import { answerOf, type Request } from './requests.ts'
import { systemTime } from './time.ts'

const attemptOf = (work: Work): Attempt => ({
  ...{ attemptId: 'a', seqNo: '00000000001', currency: baht, before: [], work },
})
const sale = attemptOf({ kind: 'pay_in', amountMinor: minor(1_000) })
const cash = (type: string, fv: number, pieces: string, cc = 'THB') =>
  `<Cash${type === '' ? '' : ` type="${type}"`}><Denomination cc="${cc}" fv="${fv}" devid="1"><Piece>${pieces}</Piece>` +
  '</Denomination></Cash>'
const only = (text: string): Message => {
  const read = readMessages(text)
  const [message] = read.ok ? read.value : []
  if (message === undefined) throw new Error('no message')
  return message
}
const said = (name: string, result: number | undefined, inner = '') =>
  only(`<${name}${result === undefined ? '' : ` result="${result}"`}>${inner}</${name}>`)
const twenty = { faceMinor: minor(2_000), pieces: 1 }
const ten = { faceMinor: minor(1_000), pieces: 1 }
const both = cash('1', 2_000, '1') + cash('2', 1_000, '1')

test('a change: by code and by what the answer says of money', () => {
  const results = new Map([
    ...([
      [0, 'done'],
      [1, 'cancelled'],
      [10, 'short'],
      [6, 'short'],
      [9, 'inconsistent'],
    ] as const),
    ...([
      [12, 'inconsistent'],
      [2, 'failed'],
      [13, 'failed'],
      [100, 'failed'],
      [4242, 'failed'],
    ] as const),
    // What would be a refusal, had nothing moved.
    ...([
      [11, 'failed'],
      [96, 'failed'],
      [21, 'failed'],
    ] as const),
  ])
  for (const [code, result] of results) {
    expect(outcomeOf(said('ChangeResponse', code, both), sale, false)).toEqual({
      is: 'reply',
      reply: { result, in: [twenty], out: [ten], code: String(code) },
    })
  }
  const refusals = new Map([
    ...([
      [3, 'occupied'],
      [5, 'occupied'],
      [11, 'busy'],
      [15, 'login'],
      [21, 'login'],
    ] as const),
    ...([
      [22, 'login'],
      [96, 'duplicate'],
      [32, 'not_able'],
      [98, 'bad_request'],
    ] as const),
  ])
  for (const [code, refusal] of refusals) {
    const message = said('ChangeResponse', code)
    expect(outcomeOf(message, sale, false)).toMatchObject({
      is: 'refused',
      refusal: { code: refusal },
    })
    expect(outcomeOf(message, sale, true), 'after it began').toEqual({ is: 'unknown' })
  }
})

test('an answer that does not say what moved is no answer, and money that cannot be read is doubted', () => {
  for (const code of [0, 1, 9, 10, 12, 13, 99, 100, 4242, undefined]) {
    expect(outcomeOf(said('ChangeResponse', code), sale, false)).toEqual({ is: 'unknown' })
  }
  const halves = said('ChangeResponse', 0, cash('2', 1_000, '1'))
  expect(outcomeOf(halves, sale, false), 'done, and nothing of what came in').toEqual({
    is: 'unknown',
  })
  for (const odd of [cash('1', 2_000, 'x'), cash('1', 2_000, '1', 'EUR'), cash('1', 2_000, '-1')]) {
    const outcome = outcomeOf(said('ChangeResponse', 0, odd), sale, false)
    expect(outcome).toMatchObject({ is: 'reply', reply: { result: 'inconsistent' } })
  }
})

test('counts that no machine holds are doubted, and what is told of them fits a journal', () => {
  const many = Array.from({ length: 41 }, (_, at) => {
    return `<Denomination cc="THB" fv="${at + 1}"><Piece>1</Piece></Denomination>`
  })
  for (const odd of [
    ...[cash('1', 2_000, '1000001'), cash('1', 999_999_999_999_999, '7')],
    ...[cash('1', 1_000_000_000_000, '99999'), `<Cash type="1">${many.join('')}</Cash>`],
  ]) {
    const outcome = outcomeOf(said('ChangeResponse', 0, odd), sale, false)
    expect(outcome, odd).toMatchObject({ reply: { result: 'inconsistent', in: [], out: [] } })
    const record = `<Current>${odd}</Current>`
    expect(incompleteReply(said('IncompleteTransaction', undefined, record), sale)).toMatchObject({
      ...{ result: 'inconsistent', in: [], out: [] },
    })
  }
  expect(amountOf(said('a', 0, '<Amount>999999999999999</Amount>').body)).toBeUndefined()
  const long = 'x'.repeat(9_000)
  expect(faultOf(1, long, long)).toEqual({
    ...{ kind: 'jam', code: '0001', text: 'x'.repeat(400) },
  })
})

test('deposits, pay-outs and collections each by their own block', () => {
  const deposit = attemptOf({ kind: 'deposit' })
  expect(outcomeOf(said('StartCashinResponse', 0), deposit, false)).toEqual({ is: 'started' })
  expect(
    outcomeOf(said('EndCashinResponse', 0, cash('', 2_000, '1')), deposit, true),
  ).toMatchObject({
    reply: { result: 'done', in: [twenty], out: [] },
  })
  expect(outcomeOf(said('EndCashinResponse', 11), deposit, true)).toEqual({ is: 'unknown' })
  const back = cash('1', 2_000, '1') + cash('2', 2_000, '1')
  expect(outcomeOf(said('CashinCancelResponse', 0, back), deposit, true)).toMatchObject({
    reply: { result: 'cancelled', in: [twenty], out: [twenty] },
  })
  const refund = attemptOf({ kind: 'pay_out', amountMinor: minor(1_000), pieces: [ten] })
  expect(outcomeOf(said('CashoutResponse', 0, cash('2', 1_000, '1')), refund, true)).toMatchObject({
    reply: { result: 'done', in: [], out: [ten] },
  })
  const collect = attemptOf({ kind: 'collect', to: 'cash_box', pieces: [ten] })
  const views = cash('4', 2_000, '9') + cash('8', 1_000, '1')
  expect(outcomeOf(said('CollectResponse', 0, views), collect, true)).toMatchObject({
    reply: { result: 'done', in: [], out: [ten] },
  })
})

test('whatever the code: a refusal is only said when nothing moved and nothing had begun', () => {
  const inner = fc.constantFrom('', both, cash('1', 2_000, '0') + cash('2', 1_000, '0'))
  fc.assert(
    fc.property(fc.integer({ min: -1, max: 120 }), inner, fc.boolean(), (code, text, begun) => {
      const outcome = outcomeOf(said('ChangeResponse', code, text), sale, begun)
      if (outcome.is === 'refused') expect([begun, text === both]).toEqual([false, false])
      if (outcome.is === 'reply' && outcome.reply.result === 'done') expect(code).toBe(0)
    }),
  )
})

test("the machine's record of what it broke off is taken as a claim about this kind of work", () => {
  const record = only(
    '<IncompleteTransaction><TransactionName>Change</TransactionName>' +
      `<Committed>${both}</Committed><Current>${cash('1', 2_000, '1')}</Current></IncompleteTransaction>`,
  )
  expect(incompleteReply(record, sale)).toMatchObject({ result: 'failed', in: [twenty], out: [] })
  expect(incompleteReply(record, attemptOf({ kind: 'deposit' }))).toBeUndefined()
})

test('a condition: the code of the manual, a unit that is off, what is to be counted', () => {
  const status = (code: number, st = 1000, val = 0) =>
    only(
      `<StatusResponse result="0"><Status><Code>${code}</Code><DevStatus devid="1" val="${val}" st="${st}"/></Status>` +
        '</StatusResponse>',
    ).body
  expect(conditionOf(status(1), [], undefined)).toEqual({ is: 'ready' })
  expect(conditionOf(status(0), [], undefined)).toEqual({ is: 'busy' })
  expect(conditionOf(status(77), [], undefined)).toEqual({ is: 'busy' })
  expect(conditionOf(status(1), [1], undefined)).toMatchObject({ fault: { kind: 'verify' } })
  expect(conditionOf(status(13, 9200, 1281), [], undefined)).toMatchObject({
    fault: { kind: 'door', code: '0501' },
  })
  expect(conditionOf(status(1, 9300), [], undefined)).toMatchObject({ fault: { kind: 'power' } })
  expect(conditionOf(status(24), [], undefined)).toMatchObject({ fault: { code: '1402' } })
  expect(faultOf(0x4401)).toMatchObject({ kind: 'power', code: '4401' })
})

test('silence is three of the usual gaps, whatever one gap was', () => {
  const beats = [0, 10, 20, 30, 95, 105].map((s) => s * 1_000).reduce(beat, noBeats)
  expect(silenceMsOf(beats)).toBe(30_000)
  expect(silenceMsOf(noBeats)).toBe(90_000)
  expect(silenceMsOf([0, 1, 2].reduce(beat, noBeats)), 'never hectic').toBe(3_000)
})

test('a line that falls again while the one before it is closed is opened once', async () => {
  vi.useFakeTimers()
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const open = new Set<Line>()
  let opened = 0
  const openLine = async () => {
    opened += 1
    const line: Line = {
      kind: 'soap',
      openSession: async () => ({ opened: true, sessionId: undefined }),
      eventsTo: () => undefined,
      ask: async () => {
        await new Promise((resolve) => setTimeout(resolve, 100))
        return { at: 'silent', why: 'timeout' }
      },
      close: async () => {
        await new Promise((resolve) => setTimeout(resolve, 500))
        open.delete(line)
      },
    }
    open.add(line)
    return { ok: true, line } as const
  }
  const link = keepLink(
    { id: 'TK', openLine, clock: () => new Date(0), time: systemTime },
    {
      ...{ hear: () => {}, trace: () => {}, strange: () => {}, status: () => {}, down: () => {} },
      up: async () => true,
    },
  )
  await vi.advanceTimersByTimeAsync(0)
  link.relink('flood')
  link.relink('silent')
  await vi.advanceTimersByTimeAsync(20_000)
  expect(opened).toBe(2)
  expect(open.size).toBe(1)
  const closed = link.close()
  await vi.advanceTimersByTimeAsync(1_000)
  await closed
  expect(open.size).toBe(0)
})

test('three heartbeats missed: it is asked once, events are registered anew; no answer, and the line is', async () => {
  vi.useFakeTimers()
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const asked: Request['op'][] = []
  const told: string[] = []
  let answers = true
  let ports: LinePorts | undefined
  const line: Line = {
    kind: 'soap',
    openSession: async () => ({ opened: true, sessionId: undefined }),
    eventsTo: () => ({ host: '192.168.0.9', port: 55_561 }),
    ask: async (_, { op }): Promise<Answer> => {
      asked.push(op)
      if (!answers) return { at: 'silent', why: 'timeout' }
      return { at: 'answered', message: only(`<${answerOf(op)} result="0"/>`) }
    },
    close: async () => {},
  }
  const openLine = async (given: LinePorts) => {
    ports = given
    return { ok: true, line } as const
  }
  const link = keepLink(
    { id: 'TK', openLine, clock: () => new Date(0), time: systemTime },
    {
      ...{ hear: () => {}, trace: () => {}, strange: (about) => told.push(about) },
      status: () => told.push('status'),
      down: (why) => told.push(`down: ${why}`),
      up: async () => true,
    },
  )
  onTestFinished(() => link.close())
  await vi.advanceTimersByTimeAsync(0)
  expect(asked).toEqual(['unregister', 'register', 'adjust_time'])
  for (let at = 0; at < 4; at += 1) {
    await vi.advanceTimersByTimeAsync(10_000)
    ports?.beat()
    ports?.hear(only('<HeartBeatEvent/>'))
  }
  asked.length = 0
  await vi.advanceTimersByTimeAsync(29_000)
  expect(asked).toEqual([])
  await vi.advanceTimersByTimeAsync(2_000)
  expect(asked).toEqual(['status', 'unregister', 'register'])
  await vi.advanceTimersByTimeAsync(50_000)
  expect(asked, 'no loop: the next question waits longer').toHaveLength(3)
  answers = false
  await vi.advanceTimersByTimeAsync(9_500)
  expect(told).toEqual(['status', 'down: silent'])
  answers = true
  await vi.advanceTimersByTimeAsync(2_000)
  expect(link.isUp()).toBe(true)
})
