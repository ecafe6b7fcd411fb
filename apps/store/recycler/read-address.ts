import { isIP } from 'node:net'
import type { GloryConfig } from '@tillkeeper/devices/cash-recycler/glory/glory-driver.ts'
import type { Address } from '@tillkeeper/devices/cash-recycler/glory/pinned-connection.ts'

/** Where a machine is, as each kind of driver takes it. */
export type MachineAddress = {
  readonly glory: Pick<GloryConfig, 'host' | 'line' | 'secure' | 'ports' | 'eventPort'>
  readonly rest: Address
}

const usualRest = { secure: 50_301, open: 80 } as const
const portMax = 65_535
const hostName = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,180}[A-Za-z0-9])?$/
const address =
  /^(?<line>wss?|https?):\/\/(?:\[(?<six>[0-9a-fA-F:.]+)\]|(?<name>[A-Za-z0-9.-]+))(?::(?<port>[0-9]{1,5}))?\/?(?:\?events=(?<events>[0-9]{1,5}))?$/

const isHost = (text: string) => hostName.test(text) || isIP(text) !== 0

/**
 * Reads what the register calls a machine's address: a host, and then the driver finds the port, or an address that
 * says which line is taken: `wss://`, `ws://` (socket), `https://`, `http://` (SOAP, or the polled machine), with a
 * port where it is not the usual one. `?events=55562` is the port where a machine over SOAP dials us, one for each
 * machine. `undefined` for anything else: a name and a password do not belong here.
 */
export function readAddress(text: string): MachineAddress | undefined {
  if (isHost(text)) {
    const rest = { host: text, port: usualRest.secure, secure: true }
    return { glory: { host: text, line: 'probe' }, rest }
  }
  const { line, six, name, port, events } = address.exec(text)?.groups ?? {}
  const host = six ?? name
  if (line === undefined || host === undefined || !isHost(host)) return undefined
  if ([port, events].some((number) => Number(number ?? 0) > portMax)) return undefined
  const secure = line.endsWith('s') && line !== 'ws'
  const socket = line.startsWith('ws')
  const at = port === undefined ? undefined : Number(port)
  return {
    glory: {
      ...{ host, secure, line: socket ? 'socket' : 'soap' },
      ...(at !== undefined && { ports: portsOf(socket, secure, at) }),
      ...(events !== undefined && { eventPort: Number(events) }),
    },
    rest: { host, secure, port: at ?? usualRest[secure ? 'secure' : 'open'] },
  }
}

function portsOf(socket: boolean, secure: boolean, port: number): GloryConfig['ports'] & object {
  if (socket) return secure ? { secureSocket: port } : { socket: port }
  return secure ? { https: port } : { http: port }
}
