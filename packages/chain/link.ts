import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

/** A wire between two servers on this machine that can be cut and healed. */
export type Link = {
  /** Where to connect instead of the server itself. */
  readonly port: number
  /** Drops every connection and refuses new ones, until `heal`. */
  readonly cut: () => void
  readonly heal: () => void
  readonly stop: () => Promise<void>
}

/** Lays a wire to a port of the loopback: what comes in goes out there, byte for byte. */
export async function layLink(targetPort: number): Promise<Link> {
  const sockets = new Set<Socket>()
  let whole = true
  const server = createServer((inner) => {
    if (!whole) {
      inner.destroy()
      return
    }
    const outer = connect(targetPort, '127.0.0.1')
    for (const [socket, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(socket)
      // A broken side breaks the other: the end that is left must not wait for an answer.
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const dropAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      whole = false
      dropAll()
    },
    heal: () => {
      whole = true
    },
    stop: async () => {
      dropAll()
      server.close()
      await once(server, 'close')
    },
  }
}
