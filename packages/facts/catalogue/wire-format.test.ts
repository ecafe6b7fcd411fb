import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { Envelope, readFact } from '../read-fact.ts'
import { canonicalJson } from '../seal/canonical.ts'
import { hlcZero } from '../seal/hlc.ts'
import { seal } from '../seal/seal.ts'
import { authorStreamId, genesisHash } from '../seal/stream.ts'
import { catalogue } from './catalogue.ts'

// The wire format, locked: facts that were sealed once are read for ever, by peers of other versions too.
// The hash of a schema may change only with a new version of its type (see docs/add-a-fact-type.md). The
// bytes and hashes of the example may never change.

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest()
const hash = (value: unknown) =>
  sha256(canonicalJson(JSON.parse(JSON.stringify(value))))
    .toString('hex')
    .slice(0, 16)

test('the schemas are those that were agreed', () => {
  const locked = Object.entries(catalogue).map(
    ([type, { v, body }]) => `${type}@${v} ${hash(body)}`,
  )
  expect(locked).toMatchInlineSnapshot(`
    [
      "sale.completed@4 0bb5ac59028d9fcb",
      "sale.refunded@4 2902fb20c2f4e35f",
      "till.opened@2 0ba71ad0a339567a",
      "cash.moved@4 398ecfc1e280c0c5",
      "cash.given@2 a1025647f730e55f",
      "cash.received@2 2e248e16b04607ba",
      "cash.confirmed@1 a8b28a89cb717437",
      "cash.swapped@1 32d1a16b5fe66c84",
      "drawer.opened@1 cc56da571f531174",
      "attachment.added@1 681c2eb53c4f8971",
      "sale.voided@3 53ce1a4390385c8e",
      "receipt.reprinted@1 558de7dde38574f7",
      "till.explained@1 28c9d13e4f500853",
      "till.verified@1 293e9185efe00c1e",
      "cash.verified@1 ab1387215dd56e68",
      "till.closed@3 d94cfa5ffba5b720",
      "till.ended@1 d1432a2ca8330787",
      "till.handed_over@2 faef23c376e22882",
      "till.suspended@1 86ce8b40a961b71b",
      "till.resumed@2 f98a99c1aa9d5acd",
      "till.counted@1 deb87711623f7955",
      "till.enrolled@1 d7e70697de71e059",
      "org.changed@2 7037918f12d32c07",
      "shop.changed@4 86d5a9ae2a72785e",
      "till.changed@2 d5131239812e4de4",
      "product.changed@2 85b629b58a228d37",
      "role.changed@3 0d34a30fc1f2d5b3",
      "employee.changed@2 c7feea3cc9c86f93",
      "credential.changed@2 a1c735c2df424dfe",
      "rate.changed@1 2821b618e147af12",
      "apikey.changed@2 d8ff356eca9edbf5",
      "fact.resolved@1 237ce772530a51bb",
      "expensecategory.changed@1 63e317ef717f3a94",
      "expense.requested@1 a503647ce7f1a211",
      "expense.approved@1 30272905a05bcd2e",
      "expense.declined@1 68163141a4de0405",
      "expense.paid@3 d372738abbc18f7a",
      "expense.settled@2 4d793d12ec097f20",
      "bag.sealed@2 1370401c5edb5577",
      "bag.verified@1 93976a6ed8b929fb",
      "bag.collected@1 6b73e32e8ef9beaa",
      "bag.opened@1 ff9cae0d9efab357",
      "bag.deposited@2 27749089f839b1a7",
      "safe.counted@1 84297bb62798b9e2",
      "change.ordered@1 c4ea0570affb6081",
      "change.received@2 3158b03c162bae3b",
      "change.cancelled@1 9de0931bd0b6d1fa",
      "fund.issued@3 dceb0b6b47fed399",
      "fund.returned@3 c6c5eafa29ff5c8d",
      "statement.imported@1 4626a41b5dc5c530",
      "statement.matched@1 1b5a52fbcce45b48",
      "statement.set_aside@1 d8e5ed9c847c5fbf",
      "statement.undone@1 ecaa9dece77f666d",
      "recycler.changed@1 9a145e56675efc22",
      "recycler.started@1 ab609191986831d7",
      "recycler.settled@1 0281297939bf4f5c",
      "recycler.differed@1 71c5a2b8039990c8",
      "recycler.resolved@1 867a93dcf10ff73a",
      "recycler.emptied@1 c994cf92fd41ee36",
      "recycler.told@1 dfe03e6a43fbc3e1",
    ]
  `)
})

test('every type has a name that the envelope takes', () => {
  const { pattern } = Envelope.properties.type as { pattern?: string }
  const misnamed = Object.keys(catalogue).filter((type) => !new RegExp(pattern ?? '^$').test(type))
  expect(misnamed).toEqual([])
})

test('the envelope is the one that was agreed', () => {
  expect(hash(Envelope)).toMatchInlineSnapshot(`"7f945735a2247932"`)
})

// Written out, so that no change of a rule or of a generator changes it.
const shopId = '01940000-0000-7000-8000-0000000000a1'
const staffId = '01940000-0000-7000-8000-0000000000a3'
const sessionId = '01940000-0000-7000-8000-0000000000a4'
const body = {
  shopId,
  tillId: '01940000-0000-7000-8000-0000000000a2',
  sessionId,
  staffId,
  receiptNumber: 'RCP-261120-020001',
  receiptCounter: 1,
  currency: 'THB',
  lines: [
    {
      lineNo: 1,
      productId: '01940000-0000-7000-8000-0000000000b1',
      code: 'P1',
      name: 'กาแฟเย็น "หวานน้อย"',
      quantity: 1_500,
      unitPriceMinor: 4_500,
      discountMinor: 50,
      totalMinor: 6_700,
      vatBasisPoints: 700,
    },
    {
      lineNo: 2,
      productId: '01940000-0000-7000-8000-0000000000b2',
      code: '',
      name: 'Book 📕',
      quantity: 1_000,
      unitPriceMinor: 29_900,
      discountMinor: 0,
      totalMinor: 29_900,
      vatBasisPoints: 0,
    },
  ],
  taxes: [
    { vatBasisPoints: 0, netMinor: 29_900, taxMinor: 0 },
    { vatBasisPoints: 700, netMinor: 6_262, taxMinor: 438 },
  ],
  totalMinor: 36_600,
  taxMinor: 438,
  tenders: [
    {
      method: 'cash',
      amountMinor: 36_600,
      givenMinor: 40_000,
      pieces: [{ faceMinor: 10_000, pieces: 4 }],
    },
  ],
  changeMinor: 3_400,
  note: 'two bags',
}
const sealer = {
  org: '01940000-0000-7000-8000-0000000000a0',
  author: `s-${shopId}`,
  epoch: '1.0',
  sha256,
}
const stream = authorStreamId(sealer.author, sealer.epoch, 'business')
const head = { stream, seq: 0, hash: genesisHash(sha256, stream) }
const sealed = seal(sealer, { head, hlc: hlcZero, nowMs: 1_800_000_000_000 }, [
  {
    id: '01940000-0000-7000-8000-0000000000c1',
    type: 'sale.completed',
    v: 1,
    scope: `shop:${shopId}`,
    actor: `staff:${staffId}`,
    occurredAt: '2026-11-20T07:05:00.000Z',
    businessDate: '2026-11-20',
    keys: [`session:${sessionId}`],
    refs: [],
    body,
  },
])

test('a sale is the bytes that it has always been', () => {
  const bytes = sealed.sealed[0]?.bytes ?? new Uint8Array()
  expect(Buffer.from(bytes).toString()).toMatchInlineSnapshot(
    `"{"actor":"staff:01940000-0000-7000-8000-0000000000a3","author":"s-01940000-0000-7000-8000-0000000000a1","body":{"changeMinor":3400,"currency":"THB","lines":[{"code":"P1","discountMinor":50,"lineNo":1,"name":"กาแฟเย็น \\"หวานน้อย\\"","productId":"01940000-0000-7000-8000-0000000000b1","quantity":1500,"totalMinor":6700,"unitPriceMinor":4500,"vatBasisPoints":700},{"code":"","discountMinor":0,"lineNo":2,"name":"Book 📕","productId":"01940000-0000-7000-8000-0000000000b2","quantity":1000,"totalMinor":29900,"unitPriceMinor":29900,"vatBasisPoints":0}],"note":"two bags","receiptCounter":1,"receiptNumber":"RCP-261120-020001","sessionId":"01940000-0000-7000-8000-0000000000a4","shopId":"01940000-0000-7000-8000-0000000000a1","staffId":"01940000-0000-7000-8000-0000000000a3","taxMinor":438,"taxes":[{"netMinor":29900,"taxMinor":0,"vatBasisPoints":0},{"netMinor":6262,"taxMinor":438,"vatBasisPoints":700}],"tenders":[{"amountMinor":36600,"givenMinor":40000,"method":"cash","pieces":[{"faceMinor":10000,"pieces":4}]}],"tillId":"01940000-0000-7000-8000-0000000000a2","totalMinor":36600},"businessDate":"2026-11-20","epoch":"1.0","hlc":"01a3185c50000000","id":"01940000-0000-7000-8000-0000000000c1","keys":["session:01940000-0000-7000-8000-0000000000a4"],"occurredAt":"2026-11-20T07:05:00.000Z","org":"01940000-0000-7000-8000-0000000000a0","refs":[],"scope":"shop:01940000-0000-7000-8000-0000000000a1","seq":1,"type":"sale.completed","v":1}"`,
  )
  expect(readFact(bytes).kind).toBe('known')
})

test('its chain has the hashes that it has always had', () => {
  expect(Buffer.from(head.hash).toString('hex')).toMatchInlineSnapshot(
    `"d70fa7585b9cbf7e35c5c842d8819239cd9be3c43c2c283e8b31e3d985ee24c4"`,
  )
  expect(Buffer.from(sealed.head.hash).toString('hex')).toMatchInlineSnapshot(
    `"4d8c3d66389ecb222e4acc1799cd51b4be16c9b3fd9883dfbcd7b1f9e958276e"`,
  )
  expect(sealed.hlc).toMatchInlineSnapshot(`"01a3185c50000000"`)
})
