import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

// Below the ports that systems give to outgoing connections (Linux: 32768 and up, IANA: 49152 and up). A
// server that stops and starts again on a port from up there finds it taken by somebody's connection.
const portMin = 10_240
const portMax = 32_767
const triesMax = 100

/** A port of the loopback interface that nobody listens on at this moment, and no connection takes. */
export async function findFreePort(): Promise<number> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const port = randomInt(portMin, portMax + 1)
    if (await isFree(port)) return port
  }
  throw new Error(`no port between ${portMin} and ${portMax} is free`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
