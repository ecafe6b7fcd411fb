import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { orderPieces, type Pieces } from '@tillkeeper/core/money/denominations.ts'
import { type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { baht } from '../recycler.gen.ts'
import type { Fcc, WireFault } from '../simulator/fcc.ts'
import { readElement } from '../simulator/fcc-xml.ts'
import { type GloryServer, startGloryServer } from '../simulator/glory-server.ts'
import { listPieces, moveAll, type Place } from '../simulator/held-money.ts'
import { bookKey, hurried, placeOf } from '../simulator/machine-state.ts'
import {
  type Bench,
  type Breaks,
  emptyJournal,
  expectTrue,
  keptMinor,
  Life,
} from '../testing/bench.ts'
import { testContract } from '../testing/contract-suite.ts'
import { openGloryDriver } from './glory-driver.ts'

// The contract of every driver, over both ways that a Glory machine is talked to.

/** So much faster than the wall do all timers here run: those of the driver, the runner and the machine alike. */
const speed = 10
beforeAll(() => {
  const { setTimeout: slow } = globalThis
  const fast = (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
    slow(run, ms / speed, ...args)
  vi.stubGlobal('setTimeout', fast)
})
afterAll(() => {
  vi.unstubAllGlobals()
})

/** The network between store and machine, which can be down. */
async function layCable(to: number) {
  const ends = new Set<Socket>()
  let up = true
  const server = createServer((near) => {
    if (!up) return near.destroy()
    const far = connect(to, '127.0.0.1')
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(end)
      end.setNoDelay(true)
      end.pipe(other)
      end.on('error', () => {})
      end.on('close', () => {
        ends.delete(end)
        other.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    for (const end of ends) end.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    setUp: (now: boolean) => {
      up = now
      if (!up) cut()
    },
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed())
        cut()
      }),
  }
}
type Cable = Awaited<ReturnType<typeof layCable>>

const outer: ReadonlySet<string> = new Set(['outside', 'exit', 'reject'])

/** Every piece inside, wherever it lies. */
function holdsOf({ machine }: Fcc): Pieces {
  const faces = new Map<number, number>()
  for (const place of Object.keys(machine.held)) {
    if (outer.has(place)) continue
    for (const { piece, count } of listPieces(machine.held, place as Place)) {
      faces.set(piece.faceMinor, (faces.get(piece.faceMinor) ?? 0) + count)
    }
  }
  return orderPieces(
    [...faces].map(([faceMinor, pieces]) => ({ faceMinor: minor(faceMinor), pieces })),
  )
}

/** A person with a key empties what gives change, and the machine knows. */
function takeChange(fcc: Fcc): void {
  const units = fcc.machine.profile.units.filter(({ kind }) => kind === 'recycling')
  const empty = units.flatMap((unit) => unit.faces.map((face) => [bookKey(unit, face), 0] as const))
  fcc.machine = {
    ...fcc.machine,
    held: units.reduce((held, unit) => moveAll(held, placeOf(unit), 'outside'), fcc.machine.held),
    book: { ...fcc.machine.book, ...Object.fromEntries(empty) },
  }
}

/** Another till begins a sale of twenty. */
function beginOther(fcc: Fcc): void {
  const request = readElement(
    '<ChangeRequest><Id>other</Id><SeqNo>88888888888</SeqNo><Amount>2000</Amount></ChangeRequest>',
  )
  if (request === undefined) throw new Error('the request is well formed')
  const own = { id: 'other', seqNo: '88888888888', sessionId: undefined, answer: () => {} }
  fcc.ask({ root: request.name, request, ...own })
}

function misbelieve(fcc: Fcc, faceMinor: Minor): void {
  const unit = fcc.machine.profile.units.find(
    ({ kind, faces }) => kind === 'recycling' && faces.includes(faceMinor),
  )
  if (unit === undefined) throw new Error(`nothing gives ${faceMinor}`)
  fcc.tell({ is: 'misbook', devId: unit.devId, unitNo: unit.unitNo, faceMinor, count: 1 })
}

const breaksOf = (fcc: Fcc, cable: Cable, arm: (fault: WireFault) => void): Breaks => ({
  loseStart: (when) =>
    arm(when === 'heard' ? { kind: 'cut_starting' } : { kind: 'lose_call', root: 'ChangeRequest' }),
  loseEnd: () => arm({ kind: 'drop_reply', root: 'ChangeResponse', copies: true }),
  setLine: cable.setUp,
  occupy: (by) => (by ? beginOther(fcc) : void fcc.tell({ is: 'cancel', short: false })),
  takeChange: () => takeChange(fcc),
  misbelieve: (faceMinor) => misbelieve(fcc, faceMinor),
})

const portOf = (url: string) => Number(new URL(url).port)

type GloryBench = Bench & { readonly isAtWork: () => boolean }

async function openBench(line: 'soap' | 'socket'): Promise<GloryBench> {
  const machine: GloryServer = await startGloryServer({
    ...{ profile: 'CI-10', currency: 'THB', timings: hurried },
    // Until it dials again, what it tells by itself is lost.
    redialMs: 5_000,
    fccTimings: { adjustTimeMs: 200, heartbeatMs: 1_000 },
  })
  const { fcc } = machine
  const armed: WireFault['kind'][] = []
  const arm = (fault: WireFault) => {
    armed.push(fault.kind)
    fcc.arm(fault)
  }
  const isAtWork = () => fcc.machine.operation !== undefined
  const cable = await layCable(portOf(line === 'soap' ? machine.soapUrl : machine.socketUrl))
  const ports = { https: 1, http: 1, secureSocket: 1, socket: 1 }
  ports[line === 'soap' ? 'http' : 'socket'] = cable.port
  return {
    currency: baht,
    openDriver: (driverPorts) =>
      openGloryDriver(
        { host: '127.0.0.1', line, ports, eventPort: 0, currency: baht },
        driverPorts,
      ),
    after: (ms, then) => {
      const timer = setTimeout(then, ms)
      return () => clearTimeout(timer)
    },
    // A customer puts money into a machine that asks for it.
    isAtWork,
    insert: (faceMinor) =>
      isAtWork() &&
      fcc.tell({
        is: 'insert',
        into: 'entrance',
        pieces: [{ faceMinor, quality: 'fit', count: 1 }],
      }) === undefined,
    holds: () => holdsOf(fcc),
    begun: () => fcc.begun,
    breaks: breaksOf(fcc, cable, arm),
    close: async () => {
      await cable.close()
      await machine.close()
      const idle = armed.filter((kind) => fcc.fired[kind] !== 1)
      expect(idle, 'what was to go wrong went wrong').toEqual([])
    },
  }
}

testContract('Glory, SOAP and its event channel', () => openBench('soap'))
testContract('Glory, the socket', () => openBench('socket'))

test.each(['soap', 'socket'] as const)(
  'by %s, work that was given up on and whose end is lost does not stand in the way of the next',
  async (line) => {
    const bench = await openBench(line)
    const life = new Life(bench, emptyJournal())
    const given = await life.begin({ kind: 'pay_in', amountMinor: minor(10_000) })
    await life.until('working')
    life.order({ type: 'give_up' })
    expect((await life.end(given)).settled).toMatchObject({ ending: 'unresolved', certain: false })
    bench.breaks.loseEnd()
    await life.insert(10_000)
    await vi.waitFor(() => expect(bench.isAtWork()).toBe(false))
    const before = bench.holds()
    const next = await life.beginWhenFree({ kind: 'pay_in', amountMinor: minor(8_000) })
    await life.insert(10_000)
    const ended = await life.end(next)
    expect(ended.settled.ending).toBe('done')
    expect(keptMinor(ended)).toBe(8_000)
    expectTrue(ended, before, bench.holds())
    await life.kill()
    await bench.close()
  },
)
