import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A wire between a shop and its cloud that can be shut, and that holds who knocks while it waits. */
export type Gate = {
  readonly port: number
  /** `open` passes, `shut` drops every connection and refuses new ones, `hold` lets new ones wait. */
  readonly set: (state: GateState) => void
  readonly stop: () => Promise<void>
}

export type GateState = 'open' | 'shut' | 'hold'

/** Lays a gate, open, to `targetPort` of the loopback. */
export async function layGate(targetPort: number): Promise<Gate> {
  const sockets = new Set<Socket>()
  const waiting = new Set<Socket>()
  let state: GateState = 'open'
  const join = (inner: Socket) => {
    const outer = connect({ port: targetPort, host: '127.0.0.1', noDelay: true })
    sockets.add(outer)
    outer.on('error', () => inner.destroy())
    outer.on('close', () => {
      sockets.delete(outer)
      inner.destroy()
    })
    inner.on('close', () => outer.destroy())
    inner.pipe(outer)
    outer.pipe(inner)
  }
  const server = createServer({ noDelay: true, pauseOnConnect: true }, (inner) => {
    inner.on('error', () => inner.destroy())
    inner.on('close', () => {
      sockets.delete(inner)
      waiting.delete(inner)
    })
    sockets.add(inner)
    if (state === 'shut') inner.destroy()
    else if (state === 'hold') waiting.add(inner)
    else join(inner)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    set: (next) => {
      state = next
      if (next === 'shut') for (const socket of sockets) socket.destroy()
      if (next !== 'open') return
      for (const inner of waiting) join(inner)
      waiting.clear()
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
