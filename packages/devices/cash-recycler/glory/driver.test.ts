import { minor } from '@tillkeeper/core/money/money.ts'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Attempt, Driver, DriverCommand, DriverEvent, Work } from '../contract.ts'
import { baht } from '../recycler.gen.ts'
import { openGloryDriver } from './glory-driver.ts'
import {
  type Asked,
  answer,
  cash,
  type Script,
  startSoapMachine,
  startSocketMachine,
} from './scripted-machine.gen.ts'

const host = '127.0.0.1'
const never = () => new Promise<string>(() => {})
const statusBody = (code: number, verify = '0') =>
  `<Status><n:Code>${code}</n:Code><DevStatus n:devid="1" n:val="0" n:st="1000"/></Status><RequireVerifyInfos>` +
  `<RequireVerifyDenominationInfos><RequireVerifyDenomination n:devid="1" n:val="${verify}"/>` +
  '</RequireVerifyDenominationInfos></RequireVerifyInfos>'
const held = cash(3, { 10000: 5, 2000: 9, 500: 7 })
const event = (code: number, amount = 0, seqNo = '', more = '') =>
  `<StatusChangeEvent><Status>${code}</Status><Amount>${amount}</Amount><Error>0</Error><RecoveryURL/><User/>` +
  `<SeqNo>${seqNo}</SeqNo>${more}</StatusChangeEvent>`

const attemptOf = (seqNo: string, work: Work): Attempt => ({
  ...{ attemptId: seqNo, seqNo, currency: baht, before: [], work },
})
const sale = (seqNo = '00000000042') =>
  attemptOf(seqNo, { kind: 'pay_in', amountMinor: minor(12_500) })

/** What a machine at rest says, where a test does not say otherwise. */
function usual(special: Readonly<Record<string, Script>> = {}): Script {
  return (asked: Asked) => {
    const own = special[asked.root.replace('Request', '')]
    if (own !== undefined) return own(asked)
    switch (asked.root) {
      case 'OpenRequest':
        return answer(asked, 20)
      case 'OccupyRequest':
        return answer(asked, 4)
      case 'StatusRequest':
        return answer(asked, 0, statusBody(1))
      case 'InventoryRequest':
        return answer(asked, 0, held)
      default:
        return answer(asked, 0)
    }
  }
}

type Machine = {
  asked: readonly Asked[]
  say: (xml: string) => unknown
  close: () => Promise<void>
}

async function drive(kind: 'soap' | 'socket', script: Script, settings = {}) {
  const machine: Machine & { port: number } =
    kind === 'soap' ? await startSoapMachine(script) : await startSocketMachine(script, settings)
  const events: DriverEvent[] = []
  const ports = kind === 'soap' ? { http: machine.port } : { socket: machine.port }
  const closedPorts = { https: 1, http: 1, secureSocket: 1, socket: 1 }
  const driver: Driver = openGloryDriver(
    { host, line: 'probe', ports: { ...closedPorts, ...ports }, eventPort: 0, currency: baht },
    { tell: (one) => events.push(one), trace: () => {} },
  )
  onTestFinished(async () => {
    await driver.close()
    await machine.close()
  })
  const until = (type: DriverEvent['type'], nth = 1) =>
    vi.waitFor(
      () => {
        const all = events.filter((one) => one.type === type)
        expect(all.length, `${type} in ${JSON.stringify(events)}`).toBeGreaterThanOrEqual(nth)
        return all[nth - 1]
      },
      { timeout: 15_000 },
    )
  const roots = () => machine.asked.map(({ root }) => root.replace('Request', ''))
  const send = (command: DriverCommand) => driver.send(command)
  await until('linked')
  return { machine, driver, events, until, roots, send }
}

const paid = `${cash(1, { 10000: 1, 2000: 2 })}${cash(2, { 500: 3 })}`

test.each(['soap', 'socket'] as const)(
  'by %s: a line is greeted as the maker says, and a sale is followed to its reply',
  async (kind) => {
    let pay: (text: string) => void = () => {}
    let change: Asked | undefined
    const script = usual({
      Change: (asked) => {
        change = asked
        return new Promise((resolve) => {
          pay = resolve
        })
      },
    })
    const { machine, events, until, roots, send } = await drive(kind, script)
    const greeting = ['AdjustTime', 'Status', 'Inventory']
    expect(roots().slice(-3)).toEqual(greeting)
    if (kind === 'soap') expect(roots()).toContain('RegisterEvent')
    expect(await until('linked')).toMatchObject({ capabilities: { currencies: [baht] } })

    send({ type: 'start', attempt: sale() })
    await vi.waitFor(() => expect(change).toBeDefined())
    const no = sale().seqNo
    machine.say(event(2, 12_500, no))
    machine.say(event(3, 0, no))
    machine.say(event(4, 10_000, no))
    machine.say(event(4, 5, '00000000077'))
    machine.say(event(4, 14_000, no))
    machine.say(event(5, 1_500, no))
    await until('giving')
    pay(answer(change as Asked, 0, paid))
    expect(await until('replied')).toEqual({
      type: 'replied',
      seqNo: no,
      reply: {
        result: 'done',
        in: [
          { faceMinor: 10_000, pieces: 1 },
          { faceMinor: 2_000, pieces: 2 },
        ],
        out: [{ faceMinor: 500, pieces: 3 }],
        code: '0',
      },
    })
    const work = events
      .filter((one) => 'seqNo' in one)
      .map((one) => [one.type, 'minor' in one && one.minor])
    expect(work).toEqual([
      ['started', false],
      ['inserted', 10_000],
      ['inserted', 14_000],
      ['giving', 1_500],
      ['replied', false],
    ])
    expect(roots().filter((root) => root === 'Change')).toHaveLength(1)
    expect(change?.text).toMatch(/<(bru:)?Amount>12500</)
  },
)

test('a number is said once, whatever is asked', async () => {
  const { until, roots, send } = await drive('soap', usual({ Change: never }))
  send({ type: 'start', attempt: sale() })
  send({ type: 'start', attempt: sale() })
  expect(await until('not_started')).toMatchObject({ refusal: { code: 'busy' } })
  await vi.waitFor(() => expect(roots()).toContain('Change'))
  send({ type: 'start', attempt: sale() })
  expect(await until('not_started', 2)).toMatchObject({ refusal: { code: 'duplicate' } })
  expect(roots().filter((root) => root === 'Change')).toHaveLength(1)
})

test('a cancellation is on its way by 0 and by 11: the pending change tells how it ended', async () => {
  for (const result of [0, 11]) {
    let change: Asked | undefined
    let end: (text: string) => void = () => {}
    const script = usual({
      Change: (asked) => {
        change = asked
        return new Promise((resolve) => {
          end = resolve
        })
      },
      ChangeCancel: (asked) => answer(asked, result),
    })
    const { machine, until, roots, events, send } = await drive('soap', script)
    send({ type: 'start', attempt: sale() })
    await vi.waitFor(() => expect(change).toBeDefined())
    machine.say(event(23, 0, sale().seqNo))
    await until('short')
    send({ type: 'end_short', seqNo: sale().seqNo })
    await vi.waitFor(() => expect(roots()).toContain('ChangeCancel'))
    expect(machine.asked.at(-1)?.text).toContain('type="1"')
    end(answer(change as Asked, 10, `${cash(1, { 10000: 1 })}${cash(2, { 10000: 1 })}`))
    expect(await until('replied')).toMatchObject({ reply: { result: 'short', code: '10' } })
    expect(events.filter(({ type }) => type === 'no_answer')).toEqual([])
  }
})

test('a reply that is lost is found in its copy; without one the machine is asked, and knows nothing', async () => {
  const { machine, events, until, send } = await drive('soap', usual({ Change: () => 'cut' }))
  send({ type: 'start', attempt: sale() })
  expect(await until('no_answer')).toEqual({ type: 'no_answer', command: 'start' })
  send({ type: 'find', attempt: sale() })
  expect(await until('finding')).toMatchObject({ finding: { found: 'nothing' } })

  const copied: Asked = {
    root: 'ChangeRequest',
    seqNo: sale().seqNo,
    sessionId: undefined,
    text: '',
  }
  machine.say(answer(copied, 0, paid))
  // The copy is on its way on another line than the question.
  await vi.waitFor(() => {
    send({ type: 'find', attempt: sale() })
    const reply = { found: 'reply', reply: expect.objectContaining({ result: 'done', code: '0' }) }
    expect(events).toContainEqual({ type: 'finding', seqNo: sale().seqNo, finding: reply })
  })
})

test('an attempt of before a crash is found running, and followed to its end by the copy', async () => {
  const { machine, until, send, roots } = await drive(
    'soap',
    usual({ Status: (asked) => answer(asked, 0, statusBody(4)) }),
  )
  send({ type: 'find', attempt: sale() })
  expect(await until('finding')).toMatchObject({ finding: { found: 'running' } })
  machine.say(event(4, 2_000, ''))
  expect(await until('inserted')).toMatchObject({ seqNo: sale().seqNo, minor: 2_000 })
  const copied: Asked = {
    root: 'ChangeRequest',
    seqNo: sale().seqNo,
    sessionId: undefined,
    text: '',
  }
  machine.say(answer(copied, 1, `${cash(1, { 2000: 1 })}${cash(2, { 2000: 1 })}`))
  expect(await until('replied')).toMatchObject({ reply: { result: 'cancelled' } })
  expect(roots()).not.toContain('Change')
})

test('a session that ran out is renewed before money is asked for, and a change is never repeated', async () => {
  let session = 0
  let stale = false
  const { until, roots, send, machine } = await drive(
    'soap',
    usual({
      Open: (asked) => answer(asked, 0, `<n:SessionID>s${++session}</n:SessionID>`),
      Occupy: (asked) => {
        if (asked.sessionId === 's1' && stale) return answer(asked, 21)
        return answer(asked, 17)
      },
      Change: (asked) => answer(asked, 22),
    }),
  )
  stale = true
  send({ type: 'start', attempt: sale() })
  expect(await until('not_started')).toMatchObject({ refusal: { code: 'login', makerCode: '22' } })
  await vi.waitFor(() => expect(session).toBe(3))
  expect(roots().filter((root) => root === 'Occupy')).toHaveLength(2)
  expect(roots().filter((root) => root === 'Change')).toHaveLength(1)
  expect(machine.asked.find(({ root }) => root === 'ChangeRequest')?.sessionId).toBe('s2')
  await vi.waitFor(() => expect(roots(), 'others may have it').toContain('Release'))
})

test('occupied by another till: nothing of the sale is said', async () => {
  const { until, roots, send } = await drive('soap', usual({ Occupy: (asked) => answer(asked, 3) }))
  send({ type: 'start', attempt: sale() })
  expect(await until('not_started')).toMatchObject({
    refusal: { code: 'occupied', makerCode: '3' },
  })
  expect(roots()).not.toContain('Change')
})

test('a jam is told with the code of the manual and where the cure is shown', async () => {
  const { machine, events, send } = await drive('soap', usual({ Change: never }))
  send({ type: 'start', attempt: sale() })
  const url = '/help/rbw100/rbw100_A12.gif'
  machine.say(
    `<GlyCashierEvent devid="1" user=""><eventError><ErrorCode>257</ErrorCode><RecoveryURL>${url}</RecoveryURL>` +
      '</eventError></GlyCashierEvent>',
  )
  machine.say(event(13, 0, sale().seqNo))
  const fault = { kind: 'jam', code: '0101', text: 'device error 0101', help: url }
  await vi.waitFor(() =>
    expect(events).toContainEqual({ type: 'condition', condition: { is: 'fault', fault } }),
  )
})

test('a suspicious note: nothing is ended while it lies there, and what was asked for is said after', async () => {
  const deposit = attemptOf('00000000050', { kind: 'deposit' })
  const { machine, until, roots, events, send } = await drive(
    'soap',
    usual({
      EndCashin: (asked) => answer(asked, 0, cash(1, { 2000: 3 }).replace(' n:type="1"', '')),
    }),
  )
  send({ type: 'start', attempt: deposit })
  await until('started')
  machine.say(event(24, 0, deposit.seqNo))
  await vi.waitFor(() => expect(JSON.stringify(events)).toContain('1402'))
  send({ type: 'finish', seqNo: deposit.seqNo })
  send({ type: 'read_condition' })
  await until('condition', 2)
  expect(roots()).not.toContain('EndCashin')
  machine.say(event(3, 6_000, deposit.seqNo))
  expect(await until('replied')).toMatchObject({
    seqNo: deposit.seqNo,
    reply: { result: 'done', in: [{ faceMinor: 2_000, pieces: 3 }], out: [] },
  })
})

test('what it holds is vouched for only at rest, and with nothing to be counted again', async () => {
  let verify = '0'
  const { until, send } = await drive(
    'socket',
    usual({ Status: (asked) => answer(asked, 0, statusBody(1, verify)) }),
    { sessions: true },
  )
  send({ type: 'read_stock' })
  expect(await until('stock')).toMatchObject({ certain: true })
  verify = '1'
  send({ type: 'read_stock' })
  expect(await until('stock', 2)).toMatchObject({ certain: false })
  expect(await until('condition')).toMatchObject({ condition: { fault: { kind: 'verify' } } })
})

test('a socket that breaks is opened again, and the change that was under way is not said twice', async () => {
  const { until, roots, send } = await drive('socket', usual({ Change: () => 'cut' }))
  send({ type: 'start', attempt: sale() })
  await until('lost')
  await until('linked', 2)
  send({ type: 'start', attempt: sale() })
  expect(await until('not_started')).toMatchObject({ refusal: { code: 'duplicate' } })
  expect(roots().filter((root) => root === 'Change')).toHaveLength(1)
})
