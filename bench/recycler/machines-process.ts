import {
  type GloryServer,
  startGloryServer,
} from '@tillkeeper/devices/cash-recycler/simulator/glory-server.ts'
import { lifelike } from '@tillkeeper/devices/cash-recycler/simulator/machine-state.ts'

// Simulated machines in a process of their own, so that what they cost is not counted as a store server's. It is told
// what hands do, and tells when a machine's word left it.

export type ToMachines =
  | { readonly is: 'start'; readonly machines: number }
  | { readonly is: 'insert'; readonly machine: number; readonly faceMinor: number }

export type FromMachines =
  | { readonly is: 'started'; readonly machines: readonly { soap: string; socket: string }[] }
  /** A frame of this name and amount goes to whoever listens; by the computer's clock. */
  | { readonly is: 'left'; readonly machine: number; readonly atMs: number; readonly frame: Frame }

/** `amount` of news of money that was put in; `undefined` of other frames. */
export type Frame = { readonly name: string; readonly amount: number | undefined }

/** As in a shop, but for hands that take at once, and a count that is quick: more is measured in the time. */
const timings = { ...lifelike, startMs: 50, countMs: 30, giveMs: 50, takesAfterMs: 50 }

const tell = (message: FromMachines) => void process.send?.(message)
const servers: GloryServer[] = []

process.on('message', (message: ToMachines) => {
  if (message.is === 'start') void start(message.machines)
  else {
    const piece = { faceMinor: message.faceMinor, quality: 'fit', count: 1 } as const
    servers[message.machine]?.fcc.tell({ is: 'insert', into: 'entrance', pieces: [piece] })
  }
})
process.on('disconnect', () => process.exit(0))

async function start(machines: number): Promise<void> {
  for (let machine = 0; machine < machines; machine += 1) {
    const server = await startGloryServer({ profile: 'CI-10', currency: 'THB', timings })
    // It is the first to hear, in the turn in which the frame goes to the others.
    server.fcc.listeners.add({ drop: () => {}, send: (frame) => stamp(machine, frame) })
    servers.push(server)
  }
  const at = servers.map(({ soapUrl, socketUrl }) => {
    return { soap: new URL(soapUrl).port, socket: new URL(socketUrl).port }
  })
  tell({ is: 'started', machines: at })
}

function stamp(machine: number, frame: string): void {
  const atMs = performance.timeOrigin + performance.now()
  const name = /<(\w+)/.exec(frame.replace('<BbxEventRequest>', ''))?.[1] ?? ''
  const amount = /<Amount>([0-9]+)</.exec(frame)?.[1]
  const inserted = name === 'StatusChangeEvent' && amount !== undefined
  tell({
    is: 'left',
    machine,
    atMs,
    frame: { name, amount: inserted ? Number(amount) : undefined },
  })
}
