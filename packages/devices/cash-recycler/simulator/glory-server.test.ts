import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { callOf, Fcc } from './fcc.ts'
import { factorySettings } from './fcc-sessions.ts'
import { readElement } from './fcc-xml.ts'
import {
  type GloryServer,
  type GloryServerOptions,
  lifelikeFcc,
  startGloryServer,
} from './glory-server.ts'
import { type Input, worthInside } from './machine-model.ts'
import { profileOf } from './machine-profiles.ts'
import { createMachine, hurried, lifelike } from './machine-state.ts'

// A third party, with nothing but the public protocol: strings out, strings in.

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

async function start(options: Partial<GloryServerOptions> = {}): Promise<GloryServer> {
  const machine = await startGloryServer({
    ...{ profile: 'CI-10', currency: 'THB', timings: hurried, redialMs: 5 },
    fccTimings: { adjustTimeMs: 20, heartbeatMs: 40 },
    ...options,
  })
  closers.push(machine.close)
  return machine
}

/** One call on a connection of its own; what came back, or why nothing did. */
async function soap(machine: GloryServer, action: string, root: string, body: string) {
  const envelope =
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ' +
    'xmlns:bru="http://www.glory.co.jp/bruebox.xsd"><soapenv:Header/><soapenv:Body>' +
    `<bru:${root}>${body}</bru:${root}></soapenv:Body></soapenv:Envelope>`
  const headers = { 'content-type': 'text/xml; charset=utf-8', SOAPAction: action }
  return fetch(machine.soapUrl, { method: 'POST', headers, body: envelope }).then(
    (response) => response.text(),
    () => 'cut',
  )
}
const head = (seqNo: string, session = '') =>
  `<bru:Id>POS1</bru:Id><bru:SeqNo>${seqNo}</bru:SeqNo>${session && `<bru:SessionID>${session}</bru:SessionID>`}`
const change = (machine: GloryServer, seqNo: string, amount: number, option = 1, session = '') =>
  soap(
    ...([machine, 'ChangeOperation', 'ChangeRequest'] as const),
    `${head(seqNo, session)}<bru:Amount>${amount}</bru:Amount><Option bru:type="${option}"/>`,
  )
const cancel = (machine: GloryServer, option: number) =>
  soap(
    ...([machine, 'ChangeCancelOperation', 'ChangeCancelRequest'] as const),
    `${head('00000000000')}<Option bru:type="${option}"/>`,
  )
const register = (machine: GloryServer, port: number, more = '') =>
  soap(
    ...([machine, 'RegisterEventOperation', 'RegisterEventRequest'] as const),
    `${head('1')}<bru:Url>127.0.0.1</bru:Url><bru:Port>${port}</bru:Port>${more}`,
  )
const result = (xml: string) => /Response[^>]*? n:result="(\d+)"/.exec(xml)?.[1]
const notes = (faceMinor: number, count = 1): Input => ({
  ...{ is: 'insert', into: 'entrance', pieces: [{ faceMinor, quality: 'fit', count }] },
})
const until = async (fits: () => boolean) => {
  for (let tries = 0; !fits(); tries += 1) {
    if (tries > 2_000) throw new Error('it never came')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
const waiting = (machine: GloryServer) => until(() => machine.fcc.machine.phase === 'waiting')

/** Listens for events, and keeps what came, cut at NULs. */
async function listen() {
  let bytes = ''
  const chunks: number[] = []
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (data) => {
      chunks.push(data.length)
      bytes += String(data)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  closers.push(stop)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { port, sockets, chunks, stop, frames: () => bytes.split('\0').slice(0, -1) }
}

test('a sale: the call stays open until the change is given, and every listener hears all of it', async () => {
  const machine = await start()
  const [one, two] = [await listen(), await listen()]
  expect(result(await register(machine, one.port))).toBe('0')
  expect(result(await register(machine, two.port))).toBe('0')
  const before = worthInside(machine.fcc.machine)
  const sale = change(machine, '00000000042', 12_500)
  await waiting(machine)
  machine.fcc.tell(notes(100_000))
  const answer = await sale
  expect(answer).toContain('<n:SeqNo>00000000042</n:SeqNo>')
  expect(answer).toMatch(
    /<n:ChangeResponse xmlns:n="http:\/\/www\.glory\.co\.jp\/bruebox\.xsd" n:result="0">/,
  )
  expect(answer).toContain(
    '<Cash n:type="1"><Denomination n:cc="THB" n:fv="100000" n:rev="0" n:devid="1">' +
      '<n:Piece>1</n:Piece><n:Status>0</n:Status></Denomination></Cash>',
  )
  expect(answer).not.toContain('TransactionId')
  expect(worthInside(machine.fcc.machine) - before).toBe(12_500)
  for (const { frames } of [one, two]) {
    await until(() => frames().some((frame) => frame.includes('<Status>1</Status>')))
    const all = frames().join('\n')
    expect(all).toContain('<BbxEventRequest><HeartBeatEvent><SerialNo>0123456789</SerialNo>')
    expect(all).toMatch(
      /<ChangeResponse result="0">.*<TransactionId>0001000000001<\/TransactionId>/,
    )
    expect(all).toContain('<eventDepositCountChange><Denomination cc="THB" fv="100000"')
    expect(all).toContain('<StatusChangeEvent><Status>4</Status><Amount>100000</Amount>')
    expect(all).toContain('<StatusChangeEvent><Status>5</Status><Amount>87500</Amount>')
    expect(all).toContain('<DispenseDetailsEvent><Denomination cc="THB" fv="500"')
    expect(all).toContain('<ChangeInventoryStatus><CausedTransaction>Change</CausedTransaction>')
  }
})

test('cancelled on a second connection, the pending call says so; with nothing to cancel it is 11', async () => {
  const machine = await start()
  expect(result(await cancel(machine, 0))).toBe('11')
  const sale = change(machine, '1', 50_000)
  await waiting(machine)
  expect(result(await change(machine, '2', 50_000))).toBe('11')
  machine.fcc.tell(notes(10_000))
  await waiting(machine)
  expect(result(await cancel(machine, 0))).toBe('0')
  const answer = await sale
  expect(result(answer)).toBe('1')
  expect(answer.match(/n:fv="10000"/g)?.length).toBe(2)
})

test('without change: 10 by itself, or status 23 until it is told which', async () => {
  for (const [option, asked, ended] of [
    [0, undefined, '10'],
    [1, 0, '1'],
    [1, 1, '10'],
  ] as const) {
    const machine = await start({ stock: {} })
    const sale = change(machine, '7', 99_900, option)
    await waiting(machine)
    machine.fcc.tell(notes(100_000))
    if (asked !== undefined) {
      await until(() => machine.fcc.machine.phase === 'short')
      expect(await soap(machine, 'GetStatus', 'StatusRequest', head('1'))).toContain(
        '<n:Code>23</n:Code>',
      )
      await cancel(machine, asked)
    }
    expect(result(await sale)).toBe(ended)
  }
})

test('sessions, the lock, users and doubled calls are as the switches say', async () => {
  const machine = await start()
  const open = (password = 'glory') =>
    soap(
      ...([machine, 'OpenOperation', 'OpenRequest'] as const),
      `${head('1')}<bru:User>glory</bru:User><bru:UserPwd>${password}</bru:UserPwd><bru:DeviceName/>`,
    )
  const occupy = (session: string) =>
    soap(machine, 'OccupyOperation', 'OccupyRequest', head('1', session))
  expect(result(await open())).toBe('20')
  expect(result(await occupy(''))).toBe('4')
  const { settings } = machine.fcc
  const on = { sessionEnable: true, occupyEnable: true, soapUserCheck: true }
  settings.current = { ...settings.current, ...on, soapDuplicateCheck: true }
  expect(result(await open('wrong'))).toBe('15')
  const ids = await Promise.all([open(), open()])
  const [a = '', b = ''] = ids.map((xml) => /<n:SessionID>(.*?)</.exec(xml)?.[1])
  expect(a).not.toBe(b)
  expect(result(await change(machine, '1', 100, 1, a))).toBe('5')
  expect(result(await occupy('nobody'))).toBe('21')
  expect(result(await occupy(a))).toBe('0')
  expect(result(await occupy(a))).toBe('17')
  expect(result(await occupy(b))).toBe('3')
  expect(result(await change(machine, '1', 100, 1, b))).toBe('3')
  expect(result(await change(machine, '1', -10_000, 1, a))).toBe('0')
  expect(result(await change(machine, '1', -10_000, 1, a))).toBe('96')
  settings.current = { ...settings.current, sessionMinute: -1 }
  expect(result(await occupy(a))).toBe('22')
})

test('four may register, each once; an address that nobody answers is refused', async () => {
  const machine = await start()
  const all = await Promise.all([1, 2, 3, 4, 5].map(listen))
  for (const [index, { port }] of all.entries()) {
    expect(result(await register(machine, port))).toBe(index < 4 ? '0' : '36')
  }
  const [first] = all
  expect(result(await register(machine, first?.port ?? 0))).toBe('0')
  const gone = await listen()
  await gone.stop()
  const another = await start()
  expect(result(await register(another, gone.port))).toBe('98')
  const url = '<bru:Url>http://127.0.0.1</bru:Url>'
  expect(
    result(await soap(another, 'RegisterEventOperation', 'RegisterEventRequest', head('1') + url)),
  ).toBe('98')
  const { settings } = another.fcc
  settings.current = { ...settings.current, loopbackAllowed: false }
  expect(result(await register(another, first?.port ?? 0))).toBe('98')
})

test('a line that is lost is dialled again; frames come cut and merged; only asked events come', async () => {
  const machine = await start()
  const ear = await listen()
  const only = '<RequireEventList><RequireEvent bru:eventno="40"/></RequireEventList>'
  await register(machine, ear.port, only)
  machine.fcc.tell({ is: 'doubt', devId: 1 })
  await until(() => ear.frames().length > 2)
  for (const socket of ear.sockets) socket.destroy()
  const { length } = ear.frames()
  await until(() => ear.frames().length > length + 2)
  expect(ear.frames().every((frame) => frame.includes('HeartBeatEvent'))).toBe(true)
  await register(machine, ear.port)
  for (const chop of ['split', 'merge'] as const) {
    machine.fcc.moods.chop = chop
    ear.chunks.length = 0
    const seen = ear.frames().length
    expect(result(await change(machine, chop, -30_000))).toBe('0')
    await until(() => ear.frames().some((frame) => frame.includes(`<SeqNo>${chop}</SeqNo>`)))
    await until(() =>
      ear
        .frames()
        .slice(seen)
        .some((frame) => frame.includes('<Status>1</Status>')),
    )
    for (const frame of ear.frames()) {
      expect(frame).toMatch(/^<BbxEventRequest>((?!<BbxEvent).)*<\/BbxEventRequest>$/)
    }
  }
})

test('inventory has three views of the same money', async () => {
  const machine = await start()
  const ask = (option: number) =>
    soap(
      ...([machine, 'InventoryOperation', 'InventoryRequest'] as const),
      `${head('1')}<Option bru:type="${option}"/>`,
    )
  const views = (xml: string) => [
    ...[3, 4].filter((type) => xml.includes(`<Cash n:type="${type}">`)),
    ...(xml.includes('<CashUnits n:devid="2">') ? ['units'] : []),
  ]
  expect([
    views(await ask(0)),
    views(await ask(1)),
    views(await ask(2)),
    views(await ask(3)),
  ]).toEqual([[3, 4, 'units'], [3], [4], ['units']])
  expect(await ask(0)).toContain(
    '<CashUnit n:unitno="4045" n:st="2" n:nf="90" n:ne="10" n:max="100"><Denomination n:cc="THB" ' +
      'n:fv="10000" n:rev="0" n:devid="1"><n:Piece>50</n:Piece>',
  )
  expect(result(await ask(9))).toBe('98')
  expect(await soap(machine, 'InventoryOperation', 'ChangeRequest', '')).toContain(
    '<soapenv:Fault>',
  )
  expect(await soap(machine, 'FlyOperation', 'FlyRequest', '')).toContain('<soapenv:Fault>')
})

test('a deposit, a pay-out of pieces, a collection, a refill from the cassette', async () => {
  const machine = await start()
  const call = (name: string, body = '') =>
    soap(machine, `${name}Operation`, `${name}Request`, head('5') + body)
  const cash = (type: number, fv: number, pieces: number) =>
    `<Cash bru:type="${type}"><Denomination bru:cc="THB" bru:fv="${fv}" bru:rev="0" bru:devid="1">` +
    `<bru:Piece>${pieces}</bru:Piece><bru:Status>0</bru:Status></Denomination></Cash>`
  expect(result(await call('EndCashin'))).toBe('11')
  expect(result(await call('StartCashin', '<Option bru:type="0"/>'))).toBe('0')
  await waiting(machine)
  machine.fcc.tell(notes(50_000, 2))
  const counted = await call('EndCashin')
  expect(counted).toMatch(/n:result="0".*<n:ManualDeposit>0<.*n:fv="50000".*<n:Piece>2</)
  expect(result(await call('Cashout', cash(2, 10_000, 99)))).toBe('6')
  expect(result(await call('Cashout', cash(2, 3_333, 1)))).toBe('98')
  expect(await call('Cashout', cash(2, 10_000, 3))).toMatch(/result="0".*<n:Piece>3</)
  const kept = await call('Collect', `<Option bru:type="0"/>${cash(5, 10_000, 4)}`)
  expect(kept).toMatch(/result="0".*<Cash n:type="8" n:note_destination="CollectionUnit"/)
  expect(result(await call('StartReplenishmentFromCassette'))).toBe('33')
  machine.fcc.tell({
    ...{ is: 'insert', into: 'cassette' },
    pieces: [{ faceMinor: 2_000, quality: 'fit', count: 5 }],
  })
  expect(result(await call('StartReplenishmentFromCassette'))).toBe('0')
  expect(await call('EndReplenishmentFromCassette')).toMatch(/<ResultDetail .*<n:Piece>5</)
})

test('over the socket: the named events, calls and news on one line, two roots in one message', async () => {
  const machine = await start({ settings: { sessionEnable: true } })
  const line = new WebSocket(machine.socketUrl)
  const texts: string[] = []
  const frames: Buffer[] = []
  line.on('message', (data: Buffer, isBinary) => {
    if (isBinary) frames.push(data)
    else texts.push(String(data))
  })
  closers.push(async () => line.terminate())
  await once(line, 'open')
  await until(() => texts.length === 2)
  expect(texts[0]).toMatch(/^0\{"sid":".+","upgrades":\[\],"pingInterval":25000/)
  expect(texts[1]).toBe('40')
  for (const said of [
    '2',
    '42["login request","glory","glory"]',
    '42["check credential"]',
    '42["getFunctionSetting"]',
    '42["openSession"]',
  ]) {
    line.send(said)
  }
  await until(() => texts.length === 7)
  expect(texts.slice(2, 6)).toEqual([
    '3',
    expect.stringMatching(/^42\["login response",\{"ret":0,"id":"glory","session_id":"web-1"/),
    '42["credential ok"]',
    expect.stringContaining('"SessionEnable":"1"'),
  ])
  const session = /"SessionID":"(.+?)"/.exec(texts[6] ?? '')?.[1]
  machine.fcc.moods.twoRoots = true
  const request = `<ChangeRequest><Id>OdooPos</Id><SeqNo>9</SeqNo><SessionID>${session}</SessionID><Amount>10000</Amount><Option type="1"/></ChangeRequest>\0`
  line.send(`42${JSON.stringify(['xml send', request])}`)
  await waiting(machine)
  machine.fcc.tell(notes(10_000))
  await until(() => frames.some((frame) => frame.includes('<ChangeResponse')))
  const [answer, second] = frames.filter((frame) => frame.includes('<ChangeResponse'))
  expect([answer?.[0], answer?.at(-1), second]).toEqual([4, 0, undefined])
  expect(String(answer)).toMatch(
    /<\/BbxEventRequest><BbxEventRequest><ChangeResponse result="0">.*<TransactionId>/,
  )
  expect(frames.some((frame) => frame.includes('<StatusChangeEvent><Status>3</Status>'))).toBe(true)
})

test('a jam with part paid: the error, 13, a reset that takes its time, and a count again', async () => {
  const machine = await start()
  const ear = await listen()
  await register(machine, ear.port)
  machine.fcc.tell({ is: 'arm', fault: { kind: 'jam_giving', after: 2 } })
  const answer = await change(machine, '3', -50_000)
  expect(answer).toMatch(/n:result="13".*<Cash n:type="2">.*<n:Piece>2</)
  await until(() => ear.frames().some((frame) => frame.includes('<Status>30</Status>')))
  const told = ear.frames().join('\n')
  expect(told).toContain('<eventError><ErrorCode>257</ErrorCode><RecoveryURL>/help/rbw100/')
  expect(told).toContain('<SpecialDeviceError devid="1"><ErrorCode>257</ErrorCode><ErrorMessage>')
  const verify = '<Option bru:type="0"/><RequireVerification bru:type="1"/>'
  const status = () => soap(machine, 'GetStatus', 'StatusRequest', head('1') + verify)
  expect(await status()).toContain('<RequireVerifyDenomination n:devid="1" n:val="1">')
  expect(result(await change(machine, '4', 100))).toBe('11')
  expect(result(await soap(machine, 'ResetOperation', 'ResetRequest', head('1')))).toBe('0')
  const recount = `${verify}<Cash bru:type="5"/>`
  expect(
    result(await soap(machine, 'CollectOperation', 'CollectRequest', head('1') + recount)),
  ).toBe('0')
  expect(await status()).not.toContain('n:val="1"')
})

test('a lost reply, a cut line and lost power: the copy, and what was interrupted, tell the truth', async () => {
  const machine = await start()
  const ear = await listen()
  await register(machine, ear.port)
  machine.fcc.arm({ kind: 'drop_reply', root: 'ChangeResponse' })
  expect(await change(machine, '11', -10_000)).toBe('cut')
  await until(() => ear.frames().some((frame) => /ChangeResponse.*<SeqNo>11</.test(frame)))

  machine.fcc.arm({ kind: 'cut_giving' })
  expect(await change(machine, '12', -20_000)).toBe('cut')
  await until(() => machine.fcc.machine.phase === 'idle')
  await until(() => machine.fcc.listeners.size === 1)

  machine.fcc.tell({ is: 'arm', fault: { kind: 'power_giving', after: 1 } })
  const before = worthInside(machine.fcc.machine)
  expect(await change(machine, '13', -30_000)).toBe('cut')
  await until(() => machine.fcc.machine.phase === 'blocked')
  expect(before - worthInside(machine.fcc.machine)).toBe(10_000)
  const { drop_reply, cut_giving, power_giving, power } = machine.fcc.fired
  expect([drop_reply, cut_giving, power_giving, power]).toEqual([1, 1, 1, 1])
})

test('it hangs, another client holds it, and what it says is broken or without end', async () => {
  const machine = await start()
  const ear = await listen()
  await register(machine, ear.port)
  const status = () => soap(machine, 'GetStatus', 'StatusRequest', head('1'))
  machine.fcc.moods.otherOccupies = true
  expect(result(await change(machine, '1', 100))).toBe('3')
  machine.fcc.moods.otherOccupies = false
  machine.fcc.arm({ kind: 'malformed_reply', root: 'StatusResponse' })
  expect(await status()).not.toContain('</soapenv:Envelope>')
  machine.fcc.arm({ kind: 'oversized_reply', root: 'StatusResponse' })
  expect((await status()).length).toBeGreaterThan(8_000_000)
  machine.fcc.arm({ kind: 'malformed_event', root: 'StatusResponse' })
  await status()
  await until(() => ear.frames().some((frame) => !frame.endsWith('</BbxEventRequest>')))
  machine.fcc.moods.hang = true
  const quiet = await Promise.race([
    status(),
    new Promise((resolve) => setTimeout(resolve, 50, 'no answer')),
  ])
  expect(quiet).toBe('no answer')
  const off = await start({ timings: { ...hurried, bootMs: 600_000 } })
  off.fcc.tell({ is: 'power_cycle' })
  expect(await soap(off, 'GetStatus', 'StatusRequest', head('1'))).toBe('cut')
})

test("hands work it by the page, which may do nothing that is a till's to do", async () => {
  const machine = await start({ profile: 'CI-5', currency: 'EUR' })
  const at = (path: string) => new URL(path, machine.controlUrl)
  const act = async (deed: unknown, type = 'application/json') => {
    const headers = { 'content-type': type }
    const response = await fetch(at('/do'), { method: 'POST', headers, body: JSON.stringify(deed) })
    return response.status
  }
  expect(await (await fetch(at('/'))).text()).toContain('<script type="module" src="/page.js">')
  expect(await (await fetch(at('/page.js'))).text()).not.toContain('import type')
  expect((await fetch(at('/thai.woff2'))).status).toBe(200)
  const sale = change(machine, '1', 730)
  await waiting(machine)
  expect(await act({ hands: notes(1_000) }, 'text/plain')).toBe(415)
  expect(await act({ hands: notes(1_000) })).toBe(200)
  expect(await sale).toMatch(/n:result="0".*n:fv="1000".*n:fv="200"/)
  const out = { is: 'pay_out', ref: 'x', amountMinor: 1_000 }
  for (const wrong of [{ hands: out }, { hands: { is: 'arm' } }, { wire: {} }, {}, 'x']) {
    const before = worthInside(machine.fcc.machine)
    expect([await act(wrong), worthInside(machine.fcc.machine)]).toEqual([409, before])
    expect(result(await soap(machine, 'GetStatus', 'StatusRequest', head('1')))).toBe('0')
  }
  expect(await act({ moods: { chop: 'split' } })).toBe(200)
  const state = (await (await fetch(at('/state'))).json()) as { worthInside: number }
  expect(state).toMatchObject({ profile: 'CI-5', currency: 'EUR', moods: { chop: 'split' } })
  expect(state.worthInside).toBe(worthInside(machine.fcc.machine))
})

test('a world can drive the controller in its own time, without a socket', () => {
  const due: { at: number; run: () => void }[] = []
  let now = 0
  const clock = {
    now: () => now,
    after: (ms: number, run: () => void) => {
      const one = { at: now + ms, run }
      due.push(one)
      return () => void due.splice(due.indexOf(one), due.includes(one) ? 1 : 0)
    },
  }
  const runTo = (end: number) => {
    for (;;) {
      const next = due.toSorted((a, b) => a.at - b.at)[0]
      if (next === undefined || next.at > end) break
      due.splice(due.indexOf(next), 1)
      now = next.at
      next.run()
    }
    now = end
  }
  const nothing = () => {}
  const ports = { clock, dial: nothing, hangUp: nothing, cutAll: nothing }
  const machine = createMachine(profileOf('CI-50', 'THB'), { ...lifelike, takesAfterMs: 2_000 })
  const fcc = new Fcc(machine, factorySettings, lifelikeFcc, ports)
  const said: string[] = []
  fcc.listeners.add({ send: (frame) => said.push(`${now} ${frame}`), drop: nothing })
  const ask = (xml: string) => {
    const request = readElement(xml)
    if (request === undefined) throw new Error('not XML')
    const answers: number[] = []
    fcc.ask(callOf(request, () => answers.push(now)))
    return answers
  }
  const sale = ask('<ChangeRequest><SeqNo>5</SeqNo><Amount>8000</Amount></ChangeRequest>')
  runTo(60_000)
  expect([sale, fcc.machine.phase]).toEqual([[], 'waiting'])
  fcc.tell(notes(10_000))
  runTo(120_000)
  // Counted, calculated, one note given, and taken after two seconds.
  expect(sale).toEqual([60_000 + 250 + 250 + 200 + 300 + 300 + 2_000])
  expect(said.filter((frame) => frame.includes('HeartBeat')).length).toBe(12)
  const [slow, reset] = [
    ask('<AdjustTimeRequest><Date/></AdjustTimeRequest>'),
    ask('<ResetRequest/>'),
  ]
  runTo(300_000)
  expect([slow, reset]).toEqual([[180_000], [144_000]])
})
