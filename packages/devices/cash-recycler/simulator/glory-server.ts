import { createServer as createHttp, type RequestListener, type Server } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { serveControl } from './control-endpoint.ts'
import { serveEngine } from './engine-endpoint.ts'
import { createDialler } from './event-dialler.ts'
import { type Clock, Fcc, type FccPorts, type FccTimings } from './fcc.ts'
import { factorySettings, type Settings } from './fcc-sessions.ts'
import { type Hands, handsOf } from './hands.ts'
import { type ProfileCurrency, type ProfileName, profileOf } from './machine-profiles.ts'
import { type Counts, createMachine, lifelike, type Timings } from './machine-state.ts'
import { serveSoap, soapPath } from './soap-endpoint.ts'

// One CASHINFINITY machine on this computer: its SOAP service, its event channel, its socket, and a page for hands.

export type GloryServerOptions = {
  readonly profile: ProfileName
  readonly currency: ProfileCurrency
  /** What its units hold at first (`1/4043`, by face); half full where it is not said. */
  readonly stock?: Readonly<Record<string, Counts>>
  readonly settings?: Partial<Settings>
  readonly timings?: Timings
  readonly fccTimings?: Partial<FccTimings>
  readonly clock?: Clock
  /** A port for each, or one that is free. */
  readonly ports?: { readonly soap?: number; readonly socket?: number; readonly control?: number }
  readonly host?: string
  /** With a certificate it speaks HTTPS and WSS. */
  readonly tls?: { readonly key: string; readonly cert: string }
  readonly pingIntervalMs?: number
  readonly redialMs?: number
}

export type GloryServer = {
  readonly soapUrl: string
  readonly socketUrl: string
  readonly controlUrl: string
  /** The controller with its machine: `tell` gives it hands, `machine.held` is its truth. */
  readonly fcc: Fcc
  readonly close: () => Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** As slow as the real one where it is known to be slow. */
export const lifelikeFcc: FccTimings = { adjustTimeMs: 60_000, heartbeatMs: 10_000 }

export async function startGloryServer(options: GloryServerOptions): Promise<GloryServer> {
  const { host = '127.0.0.1', tls, ports = {}, clock = systemClock } = options
  const profile = profileOf(options.profile, options.currency)
  const machine = createMachine(profile, options.timings ?? lifelike, options.stock)
  const parts: { fcc?: Fcc } = {}
  const fccOf = () => {
    if (parts.fcc === undefined) throw new Error('the controller is made first')
    return parts.fcc
  }
  const make = (listener: RequestListener): Server =>
    tls === undefined ? createHttp(listener) : createHttps(tls, listener)
  const soap = make((request, response) => serveSoap(fccOf())(request, response))
  const engine = make((_, response) => response.writeHead(404).end())
  const hands: { of?: Hands } = {}
  const control = createHttp(
    serveControl(() => {
      hands.of ??= handsOf(fccOf())
      return hands.of
    }),
  )
  // A sale lasts as long as its customer does.
  soap.requestTimeout = 0
  const dialler = createDialler(fccOf, options.redialMs ?? 5_000)
  const sockets = serveEngine(fccOf, engine, options.pingIntervalMs ?? 25_000)
  const fccPorts: FccPorts = {
    ...{ clock, dial: dialler.dial, hangUp: dialler.hangUp },
    cutAll: () => {
      dialler.cutAll()
      sockets.cutAll()
      soap.closeAllConnections()
    },
  }
  const settings = { ...factorySettings, ...options.settings }
  const fcc = new Fcc(machine, settings, { ...lifelikeFcc, ...options.fccTimings }, fccPorts)
  parts.fcc = fcc
  const scheme = tls === undefined ? '' : 's'
  const soapAt = await listen(soap, host, ports.soap)
  const engineAt = await listen(engine, host, ports.socket)
  return {
    soapUrl: `http${scheme}://${soapAt}${soapPath}`,
    socketUrl: `ws${scheme}://${engineAt}/socket.io/?transport=websocket&EIO=3`,
    controlUrl: `http://${await listen(control, host, ports.control)}/`,
    fcc,
    close: async () => {
      fcc.close()
      fccPorts.cutAll()
      await Promise.all([soap, engine, control].map(stop))
    },
  }
}

function listen(server: Server, host: string, port = 0): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      resolve(`${host}:${(server.address() as AddressInfo).port}`)
    })
  })
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
