import { minor } from '@tillkeeper/core/money/money.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { baht } from '../recycler.gen.ts'
import {
  cashHeld,
  cashIn,
  cashOut,
  machineStatusOf,
  piecesOf,
  readMessages,
  stockOf,
  unverifiedOf,
} from './messages.ts'
import { writeBare, writeSoap } from './requests.ts'
import { readXml, writeXml, xmlDepthMax } from './xml.ts'

const only = (text: string) => {
  const read = readMessages(text)
  if (!read.ok) throw new Error(read.refusal.code)
  return read.value
}
const first = (text: string) => {
  const [message] = only(text)
  if (message === undefined) throw new Error('no message')
  return message
}

// Frames as integrators saw them; the third has the prefixes of a SOAP answer.
const heartBeat =
  '<BbxEventRequest><HeartBeatEvent>\n  <SerialNo>0123456789</SerialNo>\n</HeartBeatEvent></BbxEventRequest>\0'
const change =
  '<n:ChangeResponse n:result="0"><n:Id>POS1</n:Id><n:SeqNo>42</n:SeqNo><n:User/><n:Amount>1250</n:Amount>' +
  '<n:ManualDeposit>0</n:ManualDeposit><Status><n:Code>1</n:Code><DevStatus n:devid="1" n:val="1281" n:st="1000"/>' +
  '</Status><Cash n:type="1"><Denomination n:cc="THB" n:fv="2000" n:devid="1"><n:Piece>1</n:Piece>' +
  '<n:Status>0</n:Status></Denomination></Cash><Cash n:type="2"><Denomination n:cc="THB" n:fv="500" n:devid="2">' +
  '<n:Piece>1</n:Piece></Denomination><Denomination n:cc="THB" n:fv="250" n:devid="2"><n:Piece>1</n:Piece>' +
  '</Denomination></Cash></n:ChangeResponse>'
const soap = (body: string) =>
  `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:n="u"><s:Header/>` +
  `<s:Body>${body}</s:Body></s:Envelope>`

test('an answer is the same by SOAP, as a copy, and over the socket', () => {
  const bare = change.replaceAll('n:', '')
  for (const text of [
    soap(change),
    `<BbxEventRequest>${bare}</BbxEventRequest>\0`,
    `\u0004<BbxEventRequest>${bare}</BbxEventRequest>\0`,
    `<BbxEventRequest>${bare.replaceAll('SeqNo', 'SEQNO')}</BbxEventRequest>`,
  ]) {
    const { name, result, seqNo, body } = first(text)
    expect({ name, result, seqNo }).toEqual({ name: 'changeresponse', result: 0, seqNo: '42' })
    expect(piecesOf(body, cashIn, baht)).toEqual([{ faceMinor: 2000, pieces: 1 }])
    expect(piecesOf(body, cashOut, baht)).toEqual([
      { faceMinor: 500, pieces: 1 },
      { faceMinor: 250, pieces: 1 },
    ])
    expect(machineStatusOf(body)).toEqual({
      code: 1,
      devices: [{ devId: 1, state: 1000, error: 1281 }],
    })
  }
})

test('two roots in one message are two messages', () => {
  const [a, b] = only(`\u0004${heartBeat}${heartBeat.replaceAll('HeartBeat', 'StatusChange')}`)
  expect([a?.name, b?.name]).toEqual(['heartbeatevent', 'statuschangeevent'])
})

test('a device’s event is found behind its number of transaction, and without', () => {
  const event =
    '<eventError><ErrorCode>1281</ErrorCode><RecoveryURL>/help/a.gif</RecoveryURL></eventError>'
  const wrap = (inner: string) =>
    `<BbxEventRequest><GlyCashierEvent devid="1" user="">${inner}</GlyCashierEvent></BbxEventRequest>`
  expect(first(wrap(event))).toMatchObject({ name: 'eventerror', devId: 1 })
  const numbered = first(wrap(`<TransactionId>0000000000012</TransactionId>${event}`))
  expect(numbered).toMatchObject({ name: 'eventerror', devId: 1, transactionId: '0000000000012' })
})

test('three views of the same money are one stock', () => {
  const line = (fv: number, piece: number, status = 2) =>
    `<Denomination cc="THB" fv="${fv}" devid="1"><Piece>${piece}</Piece><Status>${status}</Status></Denomination>`
  const blocks = [3, 4].map(
    (type) => `<Cash type="${type}">${line(10_000, 7)}${line(2_000, 1)}</Cash>`,
  )
  const unit = (no: number, st: number, inner: string) =>
    `<CashUnit unitno="${no}" st="${st}" nf="90" ne="5" max="100">${inner}</CashUnit>`
  const units =
    `<CashUnits devid="1">${unit(4043, 2, line(10_000, 4))}${unit(4044, 1, line(2_000, 1))}` +
    `${unit(4059, 2, line(10_000, 3) + line(50_000, 2))}</CashUnits>`
  const whole = first(
    `<InventoryResponse result="0">${blocks.join('')}${units}</InventoryResponse>`,
  )
  expect(stockOf(whole.body)?.stock).toEqual([
    {
      unit: 'recycling',
      currency: 'THB',
      faceMinor: 10_000,
      pieces: 4,
      level: 'normal',
      maxPieces: 100,
    },
    {
      unit: 'recycling',
      currency: 'THB',
      faceMinor: 2_000,
      pieces: 1,
      level: 'near_empty',
      maxPieces: 100,
    },
    { unit: 'cash_box', currency: 'THB', faceMinor: 10_000, pieces: 3, level: 'normal' },
    { unit: 'cash_box', currency: 'THB', faceMinor: 50_000, pieces: 2, level: 'normal' },
  ])
  const plain = first(`<InventoryResponse result="0">${blocks.join('')}</InventoryResponse>`)
  expect(stockOf(plain.body)?.stock.map(({ pieces }) => pieces)).toEqual([7, 1])
  expect(piecesOf(plain.body, cashHeld, baht)).toEqual([
    { faceMinor: 10_000, pieces: 7 },
    { faceMinor: 2_000, pieces: 1 },
  ])
})

test('an inventory of which a line cannot be read is no count', () => {
  const line = (fv: string, piece: string, cc = 'THB') =>
    `<Denomination cc="${cc}" fv="${fv}" devid="1"><Piece>${piece}</Piece></Denomination>`
  const unit = (inner: string) =>
    first(`<I><CashUnits devid="1"><CashUnit unitno="4043">${inner}</CashUnit></CashUnits></I>`)
  const good = line('10000', '7')
  expect(stockOf(unit(good + line('2000', '0')).body)?.whole).toBe(true)
  expect(stockOf(unit(good + line('0', '3')).body)?.whole, 'paper that is no money').toBe(true)
  for (const bad of [
    line('2000', ''),
    line('2000', '-1'),
    line('20O0', '5'),
    line('1', '100001'),
  ]) {
    expect(stockOf(unit(good + bad).body), bad).toMatchObject({
      ...{ whole: false, stock: [{ faceMinor: 10_000, pieces: 7 }] },
    })
  }
  expect(stockOf(unit(good + line('2000', '5', 'TH1')).body)?.whole).toBe(false)
  const faces = Array.from({ length: 41 }, (_, at) => line(String(at + 1), '1')).join('')
  expect(stockOf(unit(faces).body)).toEqual({ stock: [], whole: false })
  const riches = line('1000000000000', '2')
  expect(stockOf(unit(riches).body)).toEqual({ stock: [], whole: false })
})

test('who wants to be counted again is named once', () => {
  const text =
    '<StatusResponse result="0"><RequireVerifyInfos><RequireVerifyDenominationInfos>' +
    '<RequireVerifyDenomination devid="1" val="1"/><RequireVerifyDenomination devid="2" val="0"/>' +
    '</RequireVerifyDenominationInfos></RequireVerifyInfos></StatusResponse>'
  expect(unverifiedOf(first(text).body)).toEqual([1])
})

test('a request is written as the schema qualifies it, and bare for the socket', () => {
  const header = { id: 'till', seqNo: '00000000042', sessionId: 'a&b' }
  const request = { op: 'change', amountMinor: 1250 } as const
  expect(writeSoap(header, request)).toContain(
    '<bru:ChangeRequest><bru:Id>till</bru:Id><bru:SeqNo>00000000042</bru:SeqNo>' +
      '<bru:SessionID>a&amp;b</bru:SessionID><bru:Amount>1250</bru:Amount><Option bru:type="1"/></bru:ChangeRequest>',
  )
  const pieces = [{ faceMinor: minor(10_000), pieces: 2 }]
  const devIdOf = () => 1 as const
  const cashout = { op: 'cashout', currency: baht, pieces, devIdOf } as const
  expect(writeBare({ id: 'till', seqNo: '1' }, cashout)).toBe(
    '<CashoutRequest><Id>till</Id><SeqNo>1</SeqNo><Cash type="2"><Denomination cc="THB" fv="10000" rev="0" devid="1">' +
      '<Piece>2</Piece><Status>0</Status></Denomination></Cash></CashoutRequest>\0',
  )
})

test.for([
  ['an entity', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'hostile'],
  ['an entity that nobody declared', '<a>&b;</a>', 'malformed'],
  ['half a frame', '<BbxEventRequest><Heart', 'malformed'],
  ['no element', 'HTTP 500', 'malformed'],
  ['nothing', '', 'malformed'],
  ['a deep one', '<a>'.repeat(xmlDepthMax + 1), 'too_deep'],
  ['a deep one in disguise', '<a b="/>">'.repeat(40_000), 'malformed'],
  ['tags without an end', '</<a'.repeat(60_000), 'too_deep'],
  ['a long one', 'x'.repeat(600_000), 'too_long'],
] as const)('%s is refused', ([, text, code]) => {
  expect(readXml(text)).toEqual({ ok: false, refusal: { code } })
})

test('whatever comes, reading ends with messages or a refusal', () => {
  const sound = [heartBeat, soap(change), change.replaceAll('n:', '')]
  const bent = fc
    .record({
      text: fc.constantFrom(...sound),
      cut: fc.double({ min: 0, max: 1, noNaN: true }),
      put: fc.string({ unit: 'binary', maxLength: 20 }),
      drop: fc.nat({ max: 30 }),
    })
    .map(({ text, cut, put, drop }) => {
      const at = Math.floor(cut * text.length)
      return text.slice(0, at) + put + text.slice(at + drop)
    })
  fc.assert(
    fc.property(bent, (text) => {
      const read = readMessages(text)
      if (!read.ok) return
      for (const { body } of read.value) {
        stockOf(body)
        machineStatusOf(body)
        for (const { pieces } of piecesOf(body, cashIn, baht) ?? [])
          expect(pieces).toBeGreaterThan(0)
      }
    }),
    { numRuns: 300 },
  )
})

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const text = writeXml({ name: 'Id', attributes: { a: value }, content: value })
      const read = readXml(text)
      expect(read.ok).toBe(true)
    }),
  )
})
