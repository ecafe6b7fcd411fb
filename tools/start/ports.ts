import { createServer } from 'node:net'

export type ChainPorts = { readonly cloud: number; readonly stores: readonly number[] }

const portMax = 65_535
/** Between two tries, so that a second chain gets numbers that are easy to tell apart. */
const step = 10
const triesMax = 20

/**
 * The ports of a chain: `first` for the cloud and the next for its stores. If a port that was asked
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
    const ports = Array.from({ length: stores + 1 }, (_, index) => from + index)
    const taken = await findTaken(ports)
    if (taken === undefined) return { cloud: from, stores: ports.slice(1) }
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
