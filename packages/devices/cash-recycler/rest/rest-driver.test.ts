import { orderPieces, type Pieces } from '@tillkeeper/core/money/denominations.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { expect, test } from 'vitest'
import { certificates } from '../glory/certificates.gen.ts'
import { fillCash, type RestCash, thaiFloat, thaiPlan } from '../simulator/rest-cash.ts'
import { type RestServer, startRestServer } from '../simulator/rest-server.ts'
import {
  type Bench,
  emptyJournal,
  expectTrue,
  keptMinor,
  Life,
  readStock,
} from '../testing/bench.ts'
import { testContract } from '../testing/contract-suite.ts'
import { openRestDriver } from './rest-driver.ts'

const [thousand, hundred, twenty] = [100_000, 10_000, 2_000]
const user = { username: 'till', password: 'secret' }
const startPayment = '/api/transaction/StartPayment'
const last = '/api/device/LastTransaction'

/** So much faster than the wall does this clock run; `skip` moves it on. */
const speed = 10
function fastClock() {
  let skipped = 0
  return {
    now: () => performance.now() * speed + skipped,
    after: (ms: number, then: () => void) => {
      const timer = setTimeout(then, ms / speed)
      return () => clearTimeout(timer)
    },
    skip: (ms: number) => {
      skipped += ms
    },
  }
}

const holdsOf = (cash: RestCash): Pieces =>
  orderPieces(
    cash.plan.faces.map(({ faceMinor }) => ({
      faceMinor,
      pieces: cash.recycling(faceMinor) + cash.boxed(faceMinor),
    })),
  )

type RestBench = Bench & {
  readonly server: RestServer
  readonly clock: ReturnType<typeof fastClock>
  readonly traced: string[]
}

function firstPin(fingerprint?: string) {
  const pin = { fingerprint }
  const learn = (seen: string) => {
    pin.fingerprint = seen
  }
  return { pin, known: () => pin.fingerprint, learn }
}

type Opening = {
  readonly tellsPieces?: boolean
  readonly password?: string
  readonly tls?: { readonly key: string; readonly cert: string }
  readonly pin?: ReturnType<typeof firstPin>
}

async function openBench(opening: Opening = {}): Promise<RestBench> {
  const { tellsPieces = true, password = user.password, tls, pin = firstPin() } = opening
  const clock = fastClock()
  const cash = fillCash(thaiPlan, thaiFloat)
  const server = await startRestServer({
    ...{ cash, tellsPieces, giveMs: 30 },
    ...(tls && { tls }),
    ...user,
    ...clock,
  })
  const traced: string[] = []
  const address = { host: '127.0.0.1', port: server.port, secure: tls !== undefined }
  const machine = { address, pin, username: user.username, password }
  return {
    ...{ server, clock, traced },
    currency: thaiPlan.currency,
    openDriver: (ports) =>
      openRestDriver(
        { machine, clock },
        { tell: ports.tell, trace: (direction, text) => traced.push(`${direction} ${text}`) },
      ),
    after: clock.after,
    insert: (faceMinor) => server.play.insert(faceMinor),
    holds: () => holdsOf(cash),
    begun: () => server.play.begun,
    breaks: {
      loseStart: (when) => server.breakNext(startPayment, { is: 'cut', when }),
      loseEnd: () => server.breakNext(last, { is: 'cut', when: 'unheard' }),
      setLine: (up) => server.setOffline(!up),
      occupy: (by) =>
        by ? server.play.start('payment', minor(twenty), 'another') : server.play.cancel(),
      takeChange: () => {
        for (const { faceMinor } of thaiPlan.faces) cash.setRecycling(faceMinor, 0)
      },
      misbelieve: (faceMinor) => server.play.misbelieve(faceMinor, 1),
    },
    close: () => server.close(),
  }
}

testContract('polled, tells pieces', () => openBench())
testContract('polled, tells worth alone', () => openBench({ tellsPieces: false }))

async function onBench(act: (bench: RestBench) => Promise<void>, tellsPieces = true) {
  const bench = await openBench({ tellsPieces })
  try {
    await act(bench)
  } finally {
    await bench.close()
  }
}

test('a token that dies in the middle of a payment is replaced, and nobody notices', () =>
  onBench(async (bench) => {
    const life = new Life(bench, emptyJournal())
    const before = bench.holds()
    const seqNo = await life.begin({ kind: 'pay_in', amountMinor: minor(hundred * 2) })
    await life.insert(hundred)
    await life.until('working')
    bench.server.revokeTokens()
    await life.insert(hundred)
    const ended = await life.end(seqNo)
    expect(ended.settled.ending).toBe('done')
    expectTrue(ended, before, bench.holds())
    expect(life.news).not.toContainEqual({ type: 'condition', condition: { is: 'offline' } })
    await life.kill()
  }))

test('a token is renewed before it dies, and before each start', () =>
  onBench(async (bench) => {
    const life = new Life(bench, emptyJournal())
    await life.until('idle')
    bench.clock.skip(13 * 60_000)
    await expect.poll(() => bench.traced.join('\n'), { timeout: 20_000 }).toContain('RenewToken')
    bench.server.revokeTokens()
    const seqNo = await life.begin({ kind: 'pay_in', amountMinor: minor(hundred) })
    await life.insert(hundred)
    expect((await life.end(seqNo)).settled.ending).toBe('done')
    // Neither the password nor a token is in the raw log.
    expect(bench.traced.join('\n')).not.toMatch(/secret|token-/)
    await life.kill()
  }))

test.each([true, false])('what it owes is told to the satang, pieces told: %s', (tellsPieces) =>
  onBench(async (bench) => {
    const life = new Life(bench, emptyJournal())
    // Change of 980 of which 100 in hundreds and 40 in twenties are there.
    for (const { faceMinor } of thaiPlan.faces) bench.server.play.cash.setRecycling(faceMinor, 0)
    bench.server.play.cash.setRecycling(minor(hundred), 1)
    bench.server.play.cash.setRecycling(minor(twenty), 2)
    await life.until('idle')
    await life.kill()
    const next = new Life(bench, emptyJournal())
    const before = bench.holds()
    const seqNo = await next.begin({ kind: 'pay_in', amountMinor: minor(twenty) })
    await next.insert(thousand)
    const ended = await next.end(seqNo)
    expect(ended.settled).toMatchObject({ ending: 'unresolved', because: 'reply', certain: true })
    expect(keptMinor(ended)).toBe(thousand - hundred - 2 * twenty)
    expectTrue(ended, before, bench.holds())
    await next.kill()
  }, tellsPieces),
)

test('a jam with part of the change given stops it, and the next sale waits until it is mended', () =>
  onBench(async (bench) => {
    const life = new Life(bench, emptyJournal())
    const before = bench.holds()
    bench.server.play.jamAfter(2)
    const seqNo = await life.begin({ kind: 'pay_in', amountMinor: minor(twenty) })
    await life.insert(thousand)
    const ended = await life.end(seqNo)
    expect(ended.settled).toMatchObject({ ending: 'unresolved', code: 'stopped', certain: true })
    expect(keptMinor(ended)).toBe(thousand - 2 * hundred)
    expectTrue(ended, before, bench.holds())
    await life.until('stopped')
    bench.server.play.mend()
    await life.until('idle')
    await life.kill()
  }))

test('a machine whose program dies in the middle keeps what it has, and it is known', () =>
  onBench(async (bench) => {
    const life = new Life(bench, emptyJournal())
    const before = bench.holds()
    const seqNo = await life.begin({ kind: 'pay_in', amountMinor: minor(hundred * 2) })
    await life.insert(hundred)
    await life.until('working')
    bench.server.restart()
    const ended = await life.end(seqNo)
    expect(ended.settled).toMatchObject({ ending: 'unresolved', code: 'stopped', certain: true })
    expectTrue(ended, before, bench.holds())
    await life.kill()
  }))

test('a start that comes late, after its line broke, is still found', () =>
  onBench(async (bench) => {
    const life = new Life(bench, emptyJournal())
    await life.until('idle')
    const before = bench.holds()
    bench.server.breakNext(startPayment, { is: 'late', ms: 3_000 })
    const seqNo = await life.begin({ kind: 'pay_in', amountMinor: minor(hundred) })
    await life.insert(hundred)
    const ended = await life.end(seqNo)
    expect(ended.settled.ending).toBe('done')
    expectTrue(ended, before, bench.holds())
    expect(bench.begun()).toEqual([seqNo])
    await life.kill()
  }))

test.each([
  ['nothing', ''],
  ['half', '{"code":0,"data":{'],
  ['no object', '[1,2,3]'],
  ['no code', '{"data":{"operation":"idle"}}'],
  ['a code that nobody knows', '{"code":77,"message":"?"}'],
  ['far too much', `{"code":0,"data":"${'x'.repeat(300_000)}"}`],
  ['deep nesting', `${'['.repeat(100_000)}`],
  ['nesting that can be read', `{"code":0,"data":${'['.repeat(9_000)}${']'.repeat(9_000)}}`],
  ['a text without an end', `{"code":0,"data":"${'\\"'.repeat(60_000)}`],
])('an answer of %s to a start is no answer: the work is found', (_, body) =>
  onBench(async (bench) => {
    const life = new Life(bench, emptyJournal())
    await life.until('idle')
    const before = bench.holds()
    bench.server.breakNext(startPayment, { is: 'garbled', body })
    const seqNo = await life.begin({ kind: 'pay_in', amountMinor: minor(hundred) })
    await life.insert(hundred)
    const ended = await life.end(seqNo)
    expect(ended.settled.ending).toBe('done')
    expectTrue(ended, before, bench.holds())
    const heard = bench.traced.find((text) => text.startsWith(`in ${startPayment}`))
    expect(heard).toMatch(/no_answer|refused/)
    expect(bench.begun()).toEqual([seqNo])
    await life.kill()
  }),
)

test('a silence is a start that may have been heard', () =>
  onBench(async (bench) => {
    const life = new Life(bench, emptyJournal())
    await life.until('idle')
    bench.server.breakNext(startPayment, { is: 'silent', when: 'heard' })
    const seqNo = await life.begin({ kind: 'pay_in', amountMinor: minor(hundred) })
    await life.insert(hundred)
    expect((await life.end(seqNo)).settled.ending).toBe('done')
    expect(bench.begun()).toEqual([seqNo])
    await life.kill()
  }))

test('a cancel whose answer is lost is looked into, and the money is back', () =>
  onBench(async (bench) => {
    const life = new Life(bench, emptyJournal())
    const before = bench.holds()
    const seqNo = await life.begin({ kind: 'pay_in', amountMinor: minor(hundred * 2) })
    await life.insert(hundred)
    await life.until('working')
    bench.server.breakNext('/api/transaction/CancelPayment', { is: 'cut', when: 'heard' })
    life.order({ type: 'cancel' })
    const ended = await life.end(seqNo)
    expect(ended.settled.ending).toBe('not_done')
    expectTrue(ended, before, bench.holds())
    await life.kill()
  }))

test("a cancel that comes too late does not cancel another's work", () =>
  onBench(async (bench) => {
    const life = new Life(bench, emptyJournal())
    const before = bench.holds()
    const seqNo = await life.begin({ kind: 'pay_in', amountMinor: minor(hundred) })
    await life.until('working')
    await life.insert(hundred)
    while (!bench.server.play.isIdle) await new Promise((resolve) => setImmediate(resolve))
    bench.server.play.start('payment', minor(twenty), 'another')
    life.order({ type: 'cancel' })
    const ended = await life.end(seqNo)
    expect(ended.settled.ending).toBe('done')
    expectTrue(ended, before, bench.holds())
    expect(bench.server.play.active()).toMatchObject({ reference: 'another' })
    await life.kill()
  }))

test('a wrong password is not a machine that is there', async () => {
  const bench = await openBench({ password: 'wrong' })
  const life = new Life(bench, emptyJournal())
  await expect
    .poll(() => life.news, { timeout: 20_000 })
    .toContainEqual({ type: 'strange', about: 'the machine refuses our name or password' })
  expect(life.at).toBe('offline')
  await life.kill()
  await bench.close()
})

test('over TLS the first certificate is kept, and to another nothing is said', async () => {
  const [own, other] = certificates
  const pin = firstPin()
  const bench = await openBench({ tls: own, pin })
  const life = new Life(bench, emptyJournal())
  const seqNo = await life.begin({ kind: 'pay_in', amountMinor: minor(hundred) })
  await life.insert(hundred)
  expect((await life.end(seqNo)).settled.ending).toBe('done')
  expect(pin.pin.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
  await life.kill()
  await bench.close()

  const changed = await openBench({ tls: other, pin })
  const stranger = new Life(changed, emptyJournal())
  await expect
    .poll(() => changed.traced.join(' '), { timeout: 20_000 })
    .toContain('certificate_changed')
  expect(stranger.at).toBe('offline')
  await stranger.kill()
  await changed.close()
})

test('what it does not do is refused, and nothing is said to the machine', () =>
  onBench(async (bench) => {
    const life = new Life(bench, emptyJournal())
    await life.until('idle')
    for (const work of [
      { kind: 'deposit' } as const,
      { kind: 'pay_out', amountMinor: minor(hundred), pieces: [] } as const,
    ]) {
      const seqNo = await life.begin(work)
      expect((await life.end(seqNo)).settled.ending).toBe('not_done')
    }
    expect(bench.begun()).toEqual([])
    expect(readStock(life)).toEqual(bench.holds())
    await life.kill()
  }))
