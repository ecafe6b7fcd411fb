import type { Currency } from '@tillkeeper/core/money/money.ts'
import type { Driver, DriverPorts } from '@tillkeeper/devices/cash-recycler/contract.ts'
import { openGloryDriver } from '@tillkeeper/devices/cash-recycler/glory/glory-driver.ts'
import { openRestDriver } from '@tillkeeper/devices/cash-recycler/rest/rest-driver.ts'
import { runRecycler } from '@tillkeeper/devices/cash-recycler/run-recycler.ts'
import { random } from '../world/random.ts'
import type { Sound } from './gather-messages.ts'
import { drawOrder, type Heard } from './hear-messages.ts'
import {
  type HostileMachine,
  startHostileRest,
  startHostileSoap,
  startHostileSocket,
} from './hostile-wire.ts'
import { judgeEnd, judgeEvent, judgeIntent } from './judge-news.ts'
import { Source } from './message-source.ts'

// The same over real sockets on this computer: what Node, the WebSocket library and our lines make of bytes.

export const wires = ['soap', 'socket', 'rest'] as const

/** The drivers' own waits are a three-hundredth of what they are in a shop. */
const haste = 300
const pushEveryMs = 2
const pushesAtOnce = 8
/** A wire that has not said all by then stands still. */
const patienceMs = 15_000

const clock = {
  now: () => Date.now(),
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms / haste)
    return () => clearTimeout(timer)
  },
}

type Open = (machine: HostileMachine, ports: DriverPorts) => Driver

const openGlory =
  (line: 'soap' | 'socket'): Open =>
  ({ port }, ports) =>
    openGloryDriver(
      {
        ...{ host: '127.0.0.1', line, currency: 'THB' as Currency, eventPort: 0, time: clock },
        ports: { https: port, http: port, secureSocket: port, socket: port },
      },
      ports,
    )
const openRest: Open = ({ port }, ports) => {
  const pin = { known: () => undefined, learn: () => {} }
  const address = { host: '127.0.0.1', port, secure: false }
  return openRestDriver({ machine: { address, username: 'a', password: 'b', pin }, clock }, ports)
}

const ways = {
  soap: { start: startHostileSoap, open: openGlory('soap') },
  socket: { start: startHostileSocket, open: openGlory('socket') },
  rest: { start: startHostileRest, open: openRest },
} as const

export async function hearWire(
  seed: number,
  messages: number,
  sound: Sound,
  wire: (typeof wires)[number],
): Promise<Heard> {
  const rnd = random(seed).fork(wire)
  const source = new Source(seed, messages, sound)
  const untyped: string[] = []
  const note = (wrong: string | undefined) => {
    if (wrong !== undefined) untyped.push(wrong)
  }
  let ended = 0
  let number = 0
  const way = ways[wire]
  const machine = await way.start(rnd, source)
  const recycler = runRecycler({
    openDriver: ({ tell, trace }) =>
      way.open(machine, {
        trace,
        tell: (event) => {
          note(judgeEvent(event))
          tell(event)
        },
      }),
    note: async (attempt) => note(judgeIntent(attempt)),
    conclude: async (end) => {
      ended += 1
      note(judgeEnd(end))
    },
    ...{ tell: () => {}, trace: () => {}, after: clock.after },
  })
  try {
    const since = performance.now()
    while (!source.isOver) {
      if (performance.now() - since > patienceMs) throw new Error(`the ${wire} line stands still`)
      for (let count = 0; count < pushesAtOnce; count += 1) machine.push()
      if (rnd.chance(0.3)) {
        number += 1
        recycler.order(drawOrder(rnd, () => String(number).padStart(11, '0')))
      }
      await new Promise((resolve) => setTimeout(resolve, pushEveryMs))
    }
  } finally {
    await machine.close()
    await recycler.close()
  }
  return { messages, bends: source.bends, untyped, ended }
}
