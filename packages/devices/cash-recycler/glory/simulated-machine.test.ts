import { minor } from '@tillkeeper/core/money/money.ts'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Attempt, DriverCommand } from '../contract.ts'
import { baht } from '../recycler.gen.ts'
import { type RecyclerNews, runRecycler } from '../run-recycler.ts'
import type { Settled, StockDifference } from '../settle-attempt.ts'
import type { Settings } from '../simulator/fcc-sessions.ts'
import { type GloryServer, startGloryServer } from '../simulator/glory-server.ts'
import { worthInside } from '../simulator/machine-model.ts'
import { hurried } from '../simulator/machine-state.ts'
import { type GloryConfig, openGloryDriver } from './glory-driver.ts'

// Driver, state machine and runner against the simulated machine, which was written from the protocol alone.

type Ended = { settled: Settled; differences: readonly StockDifference[] }

async function counter(
  line: 'soap' | 'socket',
  settings: Partial<Settings> = {},
  more: (machine: GloryServer) => Partial<GloryConfig> = () => ({}),
) {
  const machine = await startGloryServer({
    ...{ profile: 'CI-10', currency: 'THB', timings: hurried, redialMs: 5, settings },
    fccTimings: { adjustTimeMs: 20, heartbeatMs: 200 },
  })
  const portOf = (url: string) => Number(new URL(url).port)
  const closed = { https: 1, http: 1, secureSocket: 1, socket: 1 }
  const open =
    line === 'soap' ? { http: portOf(machine.soapUrl) } : { socket: portOf(machine.socketUrl) }
  const ends: Ended[] = []
  const news: RecyclerNews[] = []
  const trace: string[] = []
  const recycler = runRecycler({
    openDriver: (ports) =>
      openGloryDriver(
        {
          ...{ host: '127.0.0.1', ports: { ...closed, ...open }, eventPort: 0, currency: baht },
          ...more(machine),
        },
        ports,
      ),
    note: async () => {},
    conclude: async (ended) => void ends.push(ended),
    tell: (one) => news.push(one),
    trace: (direction, text) => trace.push(`${direction} ${text}`),
    after: (ms, then) => {
      const timer = setTimeout(then, ms)
      return () => clearTimeout(timer)
    },
  })
  onTestFinished(async () => {
    await recycler.close()
    await machine.close()
  })
  const at = (state: string) =>
    vi.waitFor(
      () =>
        expect(recycler.state().at, `${JSON.stringify(news.slice(-3))} ${trace.at(-1)}`).toBe(
          state,
        ),
      { timeout: 20_000 },
    )
  const ended = (nth: number) =>
    vi
      .waitFor(() => expect(ends.length, trace.slice(-6).join('\n')).toBe(nth), { timeout: 20_000 })
      .then(() => ends[nth - 1])
  await at('idle')
  return { machine, recycler, at, ended, trace }
}

let numbers = 0
const sale = (amount: number): Attempt => {
  numbers += 1
  const seqNo = String(numbers).padStart(11, '0')
  return {
    ...{ attemptId: seqNo, seqNo, currency: baht, before: [] },
    work: { kind: 'pay_in', amountMinor: minor(amount) },
  }
}

test.each([
  ['soap', {}],
  ['socket', {}],
  ['soap', { sessionEnable: true, occupyEnable: true, soapDuplicateCheck: true }],
  ['socket', { sessionEnable: true, occupyEnable: true, soapDuplicateCheck: true }],
] as const)(
  'by %s with %o: a sale, a cancellation, and the same money on both sides',
  async (line, settings) => {
    const { machine, recycler, at, ended, trace } = await counter(line, settings)
    const insert = (faceMinor: number) =>
      machine.fcc.tell({
        is: 'insert',
        into: 'entrance',
        pieces: [{ faceMinor, quality: 'fit', count: 1 }],
      })
    const before = worthInside(machine.fcc.machine)

    recycler.order({ type: 'work', attempt: sale(8_000) })
    await at('working')
    insert(10_000)
    expect(await ended(1)).toMatchObject({
      settled: {
        ending: 'done',
        certain: true,
        because: 'reply',
        in: [{ faceMinor: 10_000, pieces: 1 }],
      },
      differences: [],
    })
    expect(worthInside(machine.fcc.machine)).toBe(before + 8_000)

    await at('idle')
    recycler.order({ type: 'work', attempt: sale(50_000) })
    await at('working')
    insert(10_000)
    await vi.waitFor(() => expect(recycler.state()).toMatchObject({ insertedMinor: 10_000 }))
    const cancel: DriverCommand['type'] = 'cancel'
    recycler.order({ type: cancel })
    expect(await ended(2)).toMatchObject({
      settled: { ending: 'not_done', because: 'reply' },
      differences: [],
    })
    expect(worthInside(machine.fcc.machine)).toBe(before + 8_000)
    const sessions = trace.some((text) => text.includes('SessionID>'))
    expect(sessions, 'the modes were really on').toBe('sessionEnable' in settings)
  },
)

test('a machine that one client has to hold is held to be counted again, and given back', async () => {
  const { machine, recycler, at } = await counter('soap', {
    sessionEnable: true,
    occupyEnable: true,
  })
  machine.fcc.tell({ is: 'doubt', devId: 2 })
  await at('stopped')
  recycler.order({ type: 'verify' })
  await at('idle')
  expect(machine.fcc.machine.unsure).toEqual([])
  await vi.waitFor(() => expect(machine.fcc.sessions.occupant).toBeUndefined())
})

test.each(['soap', 'socket'] as const)(
  'by %s, a session that a dead process left holds the machine no longer',
  async (line) => {
    const kept: (string | undefined)[] = []
    const { machine, recycler, ended, at } = await counter(
      line,
      { sessionEnable: true, occupyEnable: true },
      ({ fcc }) => {
        // It died with the machine in its hands.
        const left = fcc.sessions.open('glory', 'glory', Date.now()).sessionId ?? ''
        fcc.sessions.occupant = left
        return { leftSession: left, onSession: (id) => kept.push(id) }
      },
    )
    expect(machine.fcc.sessions.occupant).toBeUndefined()
    expect(kept).toEqual([expect.stringMatching(/[.]000002$/)])
    recycler.order({ type: 'work', attempt: sale(2_000) })
    await at('working')
    recycler.order({ type: 'cancel' })
    expect(await ended(1)).toMatchObject({ settled: { ending: 'not_done', because: 'reply' } })
    await recycler.close()
    expect(kept.at(-1)).toBeUndefined()
  },
)
