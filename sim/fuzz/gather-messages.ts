import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import {
  answerOf,
  type Header,
  type Request,
  writeSoap,
} from '@tillkeeper/devices/cash-recycler/glory/requests.ts'
import { callOf, Fcc } from '@tillkeeper/devices/cash-recycler/simulator/fcc.ts'
import { factorySettings } from '@tillkeeper/devices/cash-recycler/simulator/fcc-sessions.ts'
import {
  childOf,
  readElement,
  writeSoap as writeAnswer,
  writeBare,
} from '@tillkeeper/devices/cash-recycler/simulator/fcc-xml.ts'
import { profileOf } from '@tillkeeper/devices/cash-recycler/simulator/machine-profiles.ts'
import {
  createMachine,
  hurried,
} from '@tillkeeper/devices/cash-recycler/simulator/machine-state.ts'
import {
  fillCash,
  thaiFloat,
  thaiPlan,
} from '@tillkeeper/devices/cash-recycler/simulator/rest-cash.ts'
import { RestPlay } from '@tillkeeper/devices/cash-recycler/simulator/rest-play.ts'
import { makeScheduler } from '../world/scheduler.ts'

// What simulated machines say while they work, so that what is bent of it is bent from something real.

/** Sound messages, by where they come from. */
export type Sound = {
  /** Frames of the channel of events, without the NUL at their end. */
  readonly events: readonly string[]
  /** SOAP answers by the name of their root. */
  readonly answers: ReadonlyMap<string, readonly string[]>
  /** Text packets of the socket. */
  readonly packets: readonly string[]
  /** Bodies of the polled machine, by path. */
  readonly json: ReadonlyMap<string, readonly string[]>
}

/** In each message, and replaced by that of the call it answers. */
export const soundSeqNo = '00000000042'
const header: Header = { id: 'Tillkeeper', seqNo: soundSeqNo }
const baht = 'THB' as Currency
const pieces = [{ faceMinor: minor(10_000), pieces: 2 }]
const devIdOf = () => 1 as const

export async function gatherMessages(): Promise<Sound> {
  return { ...(await gatherGlory()), packets, json: await gatherRest() }
}

async function gatherGlory(): Promise<Pick<Sound, 'events' | 'answers'>> {
  const world = makeScheduler()
  const events = new Set<string>()
  const answers = new Map<string, string[]>()
  const fcc = new Fcc(
    createMachine(profileOf('CI-10', 'THB'), hurried),
    { ...factorySettings, occupyEnable: true, sessionEnable: false },
    { adjustTimeMs: 10, heartbeatMs: 500 },
    {
      clock: { now: world.nowMs, after: world.after },
      ...{ dial: (_to, _numbers, done) => done(true), hangUp: () => {}, cutAll: () => {} },
    },
  )
  const listener = { send: (frame: string) => void events.add(frame), drop: () => {} }
  const ask = async (request: Request, ms = 200) => {
    fcc.listeners.add(listener)
    const [body] = childOf(readElement(writeSoap(header, request)), 'Body')?.children ?? []
    if (body === undefined) throw new Error('our own request can be read')
    const call = callOf(body, (node) => {
      if (node === undefined) return
      const name = answerOf(request.op)
      const kept = answers.get(name) ?? []
      for (const text of [writeAnswer(node), writeBare(node)]) {
        if (!kept.includes(text) && kept.length < 12) kept.push(text)
      }
      answers.set(name, kept)
    })
    fcc.ask(call)
    await world.run(world.nowMs() + ms)
  }
  const put = async (...faces: readonly number[]) => {
    for (const faceMinor of faces) {
      const piece = { faceMinor, quality: 'fit', count: 1 } as const
      fcc.tell({ is: 'insert', into: 'entrance', pieces: [piece] })
      await world.run(world.nowMs() + 50)
    }
  }
  const jam = () => fcc.tell({ is: 'arm', fault: { kind: 'jam_giving', after: 1 } })
  await ask({ op: 'open', user: 'glory', password: 'glory' })
  for (const op of ['register', 'unregister'] as const) await ask({ op, host: 'x', port: 1 })
  await ask({ op: 'adjust_time', at: new Date(0) })
  for (const op of ['occupy', 'status', 'inventory'] as const) await ask({ op })
  await ask({ op: 'change', amountMinor: 12_300 }, 50)
  await put(10_000, 5_000)
  await ask({ op: 'change', amountMinor: -34_300 })
  await ask({ op: 'change', amountMinor: 100_000 }, 50)
  await put(10_000)
  await ask({ op: 'change_cancel', short: false })
  await ask({ op: 'cashout', currency: baht, pieces, devIdOf })
  for (const [start, end] of [
    ['start_cashin', 'end_cashin'],
    ['start_cashin', 'cashin_cancel'],
    ['start_replenish', 'end_replenish'],
    ['start_replenish', 'replenish_cancel'],
    ['start_cassette', 'end_cassette'],
  ] as const) {
    await ask({ op: start }, 50)
    await put(2_000, 1_000)
    await ask({ op: end })
  }
  for (const to of ['cash_box', 'exit'] as const) {
    await ask({ op: 'collect', to, currency: baht, pieces, devIdOf })
  }
  fcc.tell({ is: 'doubt', devId: 1 })
  await ask({ op: 'status' })
  await ask({ op: 'verify', which: 2 })
  for (const op of ['lock', 'unlock'] as const) await ask({ op, unit: 1 })
  jam()
  await ask({ op: 'change', amountMinor: -34_300 })
  for (const op of ['status', 'reset', 'inventory', 'release'] as const) await ask({ op })
  fcc.tell({ is: 'arm', fault: { kind: 'power_giving', after: 1 } })
  await ask({ op: 'occupy' })
  await ask({ op: 'change', amountMinor: -34_300 }, 5)
  fcc.listeners.add(listener)
  await world.run(world.nowMs() + 2_000)
  fcc.close()
  return { events: [...events], answers }
}

const rights = { ret: 0, id: 'glory', session_id: 'web-1', admin: 1, cashout: 1 }
const settings = { SessionEnable: '1', SessionMinute: '60', OccupyEnable: '1', SoapUserCheck: '0' }
/** As the machine's Node.js side writes them; its XML comes as binary messages. */
const packets: readonly string[] = [
  '0{"sid":"ReZo5tVcVTxXfAAA","upgrades":[],"pingInterval":25000,"pingTimeout":5000}',
  ...['40', '3', '2', '2probe', '41', '451-["xml receive",{"_placeholder":true,"num":0}]'],
  `42${JSON.stringify(['login response', rights])}`,
  '42["credential ok"]',
  `42${JSON.stringify(['sendFunctionSetting', { FunctionSetting: settings }])}`,
  `42${JSON.stringify(['sendSessionID', { SessionID: 'X/v8DmpPqJ1u.QY4' }])}`,
  `42${JSON.stringify(['xml receive', `<BbxEventRequest><HeartBeatEvent/></BbxEventRequest>`])}`,
]

const paths = {
  active: '/api/device/ActiveTransaction',
  last: '/api/device/LastTransaction',
  levels: '/api/device/AllLevels',
  info: '/api/device/GetDeviceInfo',
  login: '/api/user/Login',
  start: '/api/transaction/StartPayment',
} as const

async function gatherRest(): Promise<Sound['json']> {
  const world = makeScheduler()
  const cash = fillCash(thaiPlan, thaiFloat)
  const play = new RestPlay({ cash, tellsPieces: true, after: world.after, giveMs: 10 })
  const said = new Map<string, Set<string>>()
  const say = (path: string, data: unknown, code = 0) => {
    const text = JSON.stringify({ code, message: code === 0 ? 'No error' : 'Not possible', data })
    said.set(path, (said.get(path) ?? new Set()).add(text))
  }
  const look = async (ms: number) => {
    say(paths.active, play.active())
    say(paths.last, play.last())
    say(paths.levels, play.levels())
    say(paths.info, play.info())
    await world.run(world.nowMs() + ms)
  }
  say(paths.login, { token: 'token-1' })
  say(paths.start, {})
  for (const code of [4, 7, 13, 18]) say(paths.start, undefined, code)
  await look(0)
  play.start('payment', minor(12_300), soundSeqNo)
  await look(5)
  play.insert(minor(10_000))
  await look(5)
  play.insert(minor(5_000))
  await look(500)
  await look(0)
  play.start('payment', minor(12_300), soundSeqNo)
  play.cancel()
  await look(100)
  play.jamAfter(1)
  play.start('withdrawal', minor(34_300), soundSeqNo)
  await look(500)
  await look(0)
  return new Map([...said].map(([path, texts]) => [path, [...texts]]))
}
