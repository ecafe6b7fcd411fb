import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

// Below the ports that systems give to outgoing connections (Linux: 32768 and up, IANA: 49152 and up). A
// server that stops and starts again on a port from up there finds it taken by somebody's connection.
const portMin = 10_240
const portMax = 32_767
const triesMax = 100

/**
 * A port of the loopback interface that nobody listens on at this moment, and no connection takes; with
 * `run`, the first of that many in a row, for servers that stand next to each other.
 */
export async function findFreePort(run = 1): Promise<number> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const port = randomInt(portMin, portMax + 2 - run)
    if (await areFree(port, run)) return port
  }
  throw new Error(`no ${run} ports in a row between ${portMin} and ${portMax} are free`)
}

async function areFree(first: number, run: number): Promise<boolean> {
  for (let port = first; port < first + run; port += 1) if (!(await isFree(port))) return false
  return true
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
