import type { OpenLine } from './glory-link.ts'
import type { Line, LinePorts, Login } from './line.ts'
import { type Address, type Pin, whyNot } from './pinned-connection.ts'
import { openSoapLine } from './soap-line.ts'
import { openSocketLine } from './socket-line.ts'

/** Where a machine is, and how it is talked to. What is not given is found out, or is as machines are set. */
export type LineConfig = {
  readonly host: string
  /** Which transport; `probe` takes the socket where it answers, and else SOAP. */
  readonly line: 'probe' | 'soap' | 'socket'
  /** Only over TLS, or only in the open; either where it is not said. */
  readonly secure?: boolean
  readonly ports?: Partial<MachinePorts>
  readonly login?: Login
  /** Where the machine dials for events, if not the address of ours that reached it. */
  readonly eventHost?: string
  /** 0 takes any port that is free. */
  readonly eventPort?: number
  readonly pin: Pin
}

type MachinePorts = {
  readonly secureSocket: number
  readonly socket: number
  readonly https: number
  readonly http: number
}
const usualPorts: MachinePorts = { secureSocket: 3001, socket: 3000, https: 443, http: 80 }
/** What integrators use. */
const usualEventPort = 55_561
const probeTimeoutMs = 10_000
/** How often the transport that served last is tried alone: a machine that starts has its web server first. */
const alone = 3

type Way = { readonly kind: Line['kind']; readonly address: Address }
type Tried = Awaited<ReturnType<OpenLine>>

/** Finds the transport that answers: over TLS before in the open, the socket before SOAP. */
export function chooseLine(config: LineConfig, probeId: string): OpenLine {
  const ports = { ...usualPorts, ...config.ports }
  const way = (kind: Line['kind'], port: number, secure: boolean): Way => ({
    kind,
    address: { host: config.host, port, secure },
  })
  const ways = [
    way('socket', ports.secureSocket, true),
    way('socket', ports.socket, false),
    way('soap', ports.https, true),
    way('soap', ports.http, false),
  ].filter(
    ({ kind, address }) =>
      (config.line === 'probe' || config.line === kind) &&
      (config.secure ?? address.secure) === address.secure,
  )
  let served: Way | undefined
  let misses = 0

  return async (linePorts) => {
    const stick = served !== undefined && misses < alone
    const tried: string[] = []
    for (const one of stick && served !== undefined ? [served] : ways) {
      const opened = await openWay(one, config, probeId, linePorts)
      if (opened.ok) {
        served = one
        misses = 0
        return opened
      }
      tried.push(`${one.address.port} ${opened.why}`)
      // Somebody else answers in its place: no other way is tried, least of all an open one.
      if (opened.why.startsWith('certificate_changed')) {
        linePorts.strange(opened.why)
        return opened
      }
    }
    misses += 1
    return { ok: false, why: tried.join(', ') }
  }
}

async function openWay(
  { kind, address }: Way,
  config: LineConfig,
  probeId: string,
  ports: LinePorts,
): Promise<Tried> {
  const base = { address, pin: config.pin, login: config.login }
  if (kind === 'socket') {
    const opened = await openSocketLine(base, ports)
    return opened.ok ? { ok: true, line: opened.value } : { ok: false, why: whyNot(opened.refusal) }
  }
  const events = { host: config.eventHost, port: config.eventPort ?? usualEventPort }
  let line: Line
  try {
    line = await openSoapLine({ ...base, events }, ports)
  } catch (error) {
    return {
      ok: false,
      why: `no port for events: ${error instanceof Error ? error.message : 'taken'}`,
    }
  }
  const answer = await line.ask({ id: probeId, seqNo: 'Hprobe' }, { op: 'status' }, probeTimeoutMs)
  if (answer.at === 'answered') return { ok: true, line }
  await line.close()
  return { ok: false, why: answer.at === 'unable' ? 'another service' : answer.why }
}
