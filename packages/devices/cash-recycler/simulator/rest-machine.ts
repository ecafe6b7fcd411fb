import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serveControl } from './control-endpoint.ts'
import { fillCash, thaiFloat, thaiPlan } from './rest-cash.ts'
import { handsOfRest } from './rest-hands.ts'
import { type RestServer, startRestServer } from './rest-server.ts'

// One polled machine on this computer: its JSON, and the page for hands.

export type RestMachineOptions = {
  readonly username: string
  readonly password: string
  readonly giveMs: number
  /** A port for each, or one that is free. */
  readonly ports?: { readonly rest?: number; readonly control?: number }
}

export type RestMachine = {
  readonly restUrl: string
  readonly controlUrl: string
  readonly server: RestServer
  readonly close: () => Promise<void>
}

export async function startRestMachine(options: RestMachineOptions): Promise<RestMachine> {
  const { ports = {}, username, password, giveMs } = options
  const timers = new Set<NodeJS.Timeout>()
  const server = await startRestServer({
    ...{ cash: fillCash(thaiPlan, thaiFloat), username, password, tellsPieces: true, giveMs },
    ...{ now: () => Date.now(), port: ports.rest ?? 0 },
    after: (ms, then) => {
      const timer = setTimeout(() => {
        timers.delete(timer)
        then()
      }, ms)
      timers.add(timer)
      return () => clearTimeout(timer)
    },
  })
  const hands = handsOfRest({
    ...{ server, name: 'Polled' },
    every: (ms, act) => timers.add(setInterval(act, ms)),
  })
  const control = createServer(serveControl(() => hands))
  await new Promise<void>((resolve, reject) => {
    control.once('error', reject)
    control.listen(ports.control ?? 0, '127.0.0.1', resolve)
  })
  return {
    restUrl: `http://127.0.0.1:${server.port}`,
    controlUrl: `http://127.0.0.1:${(control.address() as AddressInfo).port}/`,
    server,
    close: async () => {
      for (const timer of timers) clearTimeout(timer)
      control.closeAllConnections()
      await Promise.all([
        server.close(),
        new Promise<void>((resolve) => control.close(() => resolve())),
      ])
    },
  }
}
