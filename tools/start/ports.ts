import { createServer } from 'node:net'

import type { MachinePorts } from './counter-machines.ts'

export type ChainPorts = {
  readonly cloud: number
  readonly stores: readonly number[]
  /** One cash machine for each store. */
  readonly machines: readonly MachinePorts[]
}

/** The cloud's; and of each shop its store's, its machine's page and its machine's socket. */
export const portsNeeded = (stores: number) => 1 + 3 * stores

const portMax = 65_535
/** Between two tries, so that a second chain gets numbers that are easy to tell apart. */
const step = 10
const triesMax = 20

/**
 * The ports of a chain: `first` for the cloud, the next for its stores, and then for their machines. If a port that was asked
 * for is taken, that is an error; a taken default moves all of them on, and `say` tells.
 */
export async function choosePorts(
  stores: number,
  wish: { readonly asked?: number | undefined; readonly otherwise: number },
  say: (line: string) => void,
): Promise<ChainPorts> {
  const first = wish.asked ?? wish.otherwise
  for (let attempt = 0; attempt < triesMax; attempt += 1) {
    const from = first + attempt * step
    const ports = Array.from({ length: portsNeeded(stores) }, (_, index) => from + index)
    const taken = await findTaken(ports)
    if (taken === undefined) {
      const machines = ports.slice(1, stores + 1).map((_, index) => {
        const page = from + 1 + stores + 2 * index
        return { page, socket: page + 1 }
      })
      return { cloud: from, stores: ports.slice(1, stores + 1), machines }
    }
    if (wish.asked !== undefined) {
      throw new Error(
        `port ${taken} is already in use; stop what uses it, or choose others: ` +
          `npm start -- --port ${from + step}`,
      )
    }
    say(`port ${taken} is already in use: trying ${from + step}`)
  }
  throw new Error(`no free ports from ${first} on; choose some with --port`)
}

/** Reads the argument of `--port`. */
export function readPort(text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > portMax) throw new Error(`--port ${text} is not a port (1 to ${portMax})`)
  return port
}

async function findTaken(ports: readonly number[]): Promise<number | undefined> {
  for (const port of ports) {
    if (port > portMax) return port
    if (!(await isFree(port))) return port
  }
  return undefined
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
