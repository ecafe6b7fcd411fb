import { minor } from '@tillkeeper/core/money/money.ts'
import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { baht } from '../recycler.gen.ts'
import { cutFrames, listenForEvents } from './event-listener.ts'
import type { LinePorts } from './line.ts'
import { cashIn, piecesOf } from './messages.ts'
import {
  answer,
  cash,
  type Script,
  startSoapMachine,
  startSocketMachine,
} from './scripted-machine.gen.ts'
import { openSoapLine } from './soap-line.ts'
import { openSocketLine } from './socket-line.ts'
import { readPacket } from './socket-packets.ts'
import { xmlBytesMax } from './xml.ts'

const header = { id: 'TK', seqNo: '00000000001' }
const host = '127.0.0.1'

/** Ports that keep what was told. */
function notes() {
  const told: string[] = []
  const traced: string[] = []
  let beats = 0
  const ports: LinePorts = {
    hear: ({ name, seqNo }) => told.push(seqNo === undefined ? name : `${name} ${seqNo}`),
    beat: () => {
      beats += 1
    },
    broken: (why) => told.push(`broken: ${why}`),
    strange: (about) => told.push(`strange: ${about}`),
    trace: (direction, text) => traced.push(`${direction} ${text}`),
  }
  return { ports, told, traced, beats: () => beats }
}

const pinOf = (fingerprint?: string) => {
  const pin = { fingerprint }
  return {
    pin,
    known: () => pin.fingerprint,
    learn: (seen: string) => {
      pin.fingerprint = seen
    },
  }
}

async function soap(script: Script, { secure = false, certificate = 0, known = pinOf() } = {}) {
  const machine = await startSoapMachine(script, secure, certificate)
  const kept = notes()
  const line = await openSoapLine(
    {
      address: { host, port: machine.port, secure },
      ...{ pin: known, login: undefined, events: { host: undefined, port: 0 } },
    },
    kept.ports,
  )
  onTestFinished(async () => {
    await line.close()
    await machine.close()
  })
  return { machine, line, ...kept, known }
}

async function socket(script: Script, settings = {}, login?: { user: string; password: string }) {
  const machine = await startSocketMachine(script, settings)
  onTestFinished(machine.close)
  const kept = notes()
  const opened = await openSocketLine(
    { address: { host, port: machine.port, secure: false }, pin: pinOf(), login },
    kept.ports,
  )
  if (!opened.ok) throw new Error(opened.refusal.code)
  onTestFinished(opened.value.close)
  return { machine, line: opened.value, ...kept }
}

test('frames are the same however the stream is cut, and one too long is dropped alone', () => {
  const frame = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(fc.array(frame), fc.array(fc.nat({ max: 600 })), (frames, cuts) => {
      const texts = frames.map((text) => text.replaceAll('\0', '')).filter((text) => text.trim())
      const bytes = Buffer.from(texts.map((text) => `${text}\0`).join(''), 'utf8')
      const got: string[] = []
      const push = cutFrames(
        (text) => got.push(text),
        () => got.push('too long'),
      )
      const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length]
      at.sort((a, b) => a - b)
      at.slice(1).forEach((end, index) => {
        push(bytes.subarray(at[index], end))
      })
      expect(got).toEqual(texts)
    }),
  )

  const got: string[] = []
  const push = cutFrames(
    (text) => got.push(text),
    () => got.push('too long'),
  )
  for (let sent = 0; sent <= 3 * xmlBytesMax; sent += 65_536) push(Buffer.alloc(65_536, 'x'))
  push(Buffer.from('\0<a/>\0'))
  expect(got).toEqual(['too long', '<a/>'])
})

test('packets of a socket: each kind, and any text at all', () => {
  expect(readPacket('0{"pingInterval":3000}')).toEqual({ is: 'open', pingEveryMs: 3000 })
  expect(readPacket('0{"pingInterval":1}')).toEqual({ is: 'open', pingEveryMs: 1000 })
  expect(readPacket('0nonsense')).toEqual({ is: 'open', pingEveryMs: 25_000 })
  expect(readPacket('40')).toEqual({ is: 'connected' })
  expect(readPacket('42["a",{"b":1}]')).toEqual({ is: 'event', name: 'a', args: [{ b: 1 }] })
  expect(readPacket('42{"a":1}').is).toBe('odd')
  expect(readPacket('2probe')).toEqual({ is: 'ping', payload: 'probe' })
  expect(readPacket('451-["a"]')).toEqual({ is: 'announcement' })
  fc.assert(fc.property(fc.string(), (text) => void readPacket(text)))
})

test('by SOAP: a call, what it answers, and events on the channel that it was told', async () => {
  const { machine, line, told } = await soap((asked) => answer(asked, 0, cash(1, { 2000: 1 })))
  const asked = await line.ask(header, { op: 'change', amountMinor: minor(2000) }, undefined)
  if (asked.at !== 'answered') throw new Error(asked.at)
  expect(piecesOf(asked.message.body, cashIn, baht)).toEqual([{ faceMinor: 2000, pieces: 1 }])

  const events = line.eventsTo()
  expect(events?.host).toBe(host)
  await line.ask(header, { op: 'register', host, port: events?.port ?? 0 }, 5_000)
  machine.say('<HeartBeatEvent><SerialNo>1</SerialNo></HeartBeatEvent>')
  machine.raw(Buffer.from('<BbxEventRequest><StatusCha'))
  machine.raw(
    Buffer.from(
      'ngeEvent><Status>1</Status></StatusChangeEvent></BbxEventRequest>\0<!DOCTYPE x>\0',
    ),
  )
  await vi.waitFor(() => expect(told).toHaveLength(3))
  expect(told).toEqual([
    'heartbeatevent',
    'statuschangeevent',
    'strange: an event that cannot be read: hostile',
  ])
})

test('by SOAP: what is not an answer is not one', async () => {
  const fault = '<s:Fault><faultcode>x</faultcode></s:Fault>'
  const script: Script = ({ root }) => {
    if (root === 'CollectRequest') return fault
    if (root === 'ResetRequest') return 'cut'
    if (root === 'InventoryRequest')
      return answer({ root, seqNo: '9', sessionId: undefined, text: '' }, 0)
    if (root === 'OccupyRequest') return 'x'.repeat(xmlBytesMax + 1)
    return new Promise<string>(() => {})
  }
  const { line } = await soap(script)
  const at = async (op: 'reset' | 'inventory' | 'occupy' | 'status') =>
    (await line.ask(header, { op }, op === 'status' ? 50 : 5_000)).at
  expect((await line.ask(header, { op: 'verify', which: 1 }, 5_000)).at).toBe('unable')
  expect(await at('reset'), 'cut').toBe('silent')
  expect(await at('inventory'), 'of another number').toBe('silent')
  expect(await at('occupy'), 'too long').toBe('silent')
  expect(await at('status'), 'late').toBe('silent')
  await line.close()
  expect(await at('reset'), 'after the end').toBe('unheard')
})

test('a call that waits for a customer does not hold up its cancellation', async () => {
  let end: (text: string) => void = () => {}
  const { machine, line } = await soap((asked) => {
    if (asked.root === 'ChangeCancelRequest') {
      end(answer({ ...asked, root: 'ChangeRequest', seqNo: header.seqNo }, 1, cash(1, {})))
      return answer(asked, 0)
    }
    return new Promise<string>((resolve) => {
      end = resolve
    })
  })
  const change = line.ask(header, { op: 'change', amountMinor: minor(2000) }, undefined)
  await vi.waitFor(() => expect(machine.asked).toHaveLength(1))
  const cancel = { ...header, seqNo: 'C' }
  const cancelled = await line.ask(cancel, { op: 'change_cancel', short: false }, 5_000)
  expect(cancelled).toMatchObject({ at: 'answered', message: { result: 0 } })
  expect(await change).toMatchObject({ at: 'answered', message: { result: 1 } })
})

test('the certificate is kept, and nothing is said to another, nor in the open', async () => {
  const first = await soap((asked) => answer(asked, 0), { secure: true })
  expect((await first.line.ask(header, { op: 'status' }, 5_000)).at).toBe('answered')
  const fingerprint = first.known.pin.fingerprint
  expect(fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
  expect((await first.line.ask(header, { op: 'status' }, 5_000)).at, 'again').toBe('answered')

  const known = pinOf(fingerprint)
  const other = await soap((asked) => answer(asked, 0), { secure: true, certificate: 1, known })
  const refused = await other.line.ask(header, { op: 'status' }, 5_000)
  expect(refused).toMatchObject({
    at: 'unheard',
    why: expect.stringMatching(/^certificate_changed/),
  })
  const open = await soap((asked) => answer(asked, 0), { known })
  expect(await open.line.ask(header, { op: 'status' }, 5_000)).toEqual({
    at: 'unheard',
    why: 'insecure',
  })
  expect([...other.machine.asked, ...open.machine.asked]).toEqual([])
  expect(known.pin.fingerprint).toBe(fingerprint)
})

test('nobody but the machine is heard on the event channel', async () => {
  const told: string[] = []
  const listener = await listenForEvents({
    port: 0,
    isMachine: () => false,
    frame: (text) => told.push(text),
    strange: (about) => told.push(about),
  })
  onTestFinished(listener.close)
  const { connect } = await import('node:net')
  const stranger = connect(listener.port, host)
  stranger.on('error', () => {})
  stranger.write('<BbxEventRequest><ChangeResponse result="0"/></BbxEventRequest>\0')
  await vi.waitFor(() => expect(told).toEqual(['events from 127.0.0.1, which is not the machine']))
})

test('by socket: session, calls by number, two roots in one message, events unasked', async () => {
  const script: Script = (asked) =>
    `${answer(asked, 0)}</BbxEventRequest><BbxEventRequest><StatusChangeEvent><Status>1</Status></StatusChangeEvent>`
  const { machine, line, told, beats } = await socket(script, { sessions: true })
  expect(await line.openSession(header)).toEqual({ opened: true, sessionId: 's1' })
  const answers = await Promise.all([
    line.ask({ ...header, sessionId: 's1' }, { op: 'status' }, 5_000),
    line.ask({ ...header, seqNo: '2' }, { op: 'status' }, 5_000),
  ])
  expect(answers.map((one) => one.at === 'answered' && one.message.seqNo)).toEqual([
    header.seqNo,
    '2',
  ])
  expect(machine.asked.map(({ sessionId }) => sessionId)).toEqual(['s1', undefined])
  expect(told).toContain('statuschangeevent')
  expect(line.eventsTo()).toBeUndefined()
  const before = beats()
  await vi.waitFor(() => expect(machine.texts).toContain('2'), { timeout: 5_000 })
  await vi.waitFor(() => expect(beats(), 'the pong').toBeGreaterThan(before))
})

test('by socket: a line that is cut leaves its calls unknown, and says so once', async () => {
  const { line, told } = await socket(({ root }) =>
    root === 'ChangeRequest' ? 'cut' : new Promise(() => {}),
  )
  const status = line.ask(header, { op: 'status' }, undefined)
  const change = line.ask(header, { op: 'change', amountMinor: minor(100) }, undefined)
  expect([(await status).at, (await change).at]).toEqual(['silent', 'silent'])
  expect((await line.ask(header, { op: 'status' }, undefined)).at).toBe('unheard')
  await vi.waitFor(() => expect(told).toEqual([expect.stringMatching(/^broken/)]))
})

test('the raw log has no password', async () => {
  const { line, traced } = await soap((asked) => answer(asked, 0))
  await line.ask(header, { op: 'open', user: 'till', password: 'hunter2' }, 5_000)
  expect(traced.join('\n')).toContain('till')
  expect(traced.join('\n')).not.toContain('hunter2')
})
