import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

// The line between a shop and its cloud: it counts what goes over it, and can be made a bad one.

/** A bad line. Both ways are alike. */
export type Shape = {
  /** There and back. */
  readonly roundTripMs: number
  readonly bitsPerSecond: number
  /** Of a hundred pieces of `pieceBytes`, so many are held up for `stallMs`. */
  readonly stallsPerHundred: number
  readonly stallMs: number
}

export type Wire = {
  readonly port: number
  /** Bytes that went either way since the last `reset`. */
  readonly bytes: () => { readonly up: number; readonly down: number }
  /** When the first connection since the last `reset` was made, by `performance.now()`. */
  readonly firstMs: () => number | undefined
  readonly reset: () => void
  /** Good again where left out. */
  readonly bend: (shape?: Shape) => void
  readonly stop: () => Promise<void>
}

/** What a packet carries. */
const pieceBytes = 1_448

export async function layWire(targetPort: number): Promise<Wire> {
  const sockets = new Set<Socket>()
  let bytes = { up: 0, down: 0 }
  let firstMs: number | undefined
  let shape: Shape | undefined
  const server = createServer({ noDelay: true }, (inner) => {
    firstMs ??= performance.now()
    const outer = connect({ port: targetPort, host: '127.0.0.1', noDelay: true })
    for (const [from, to, way] of [
      [inner, outer, 'up'],
      [outer, inner, 'down'],
    ] as const) {
      sockets.add(from)
      const carry = carrier(to, () => shape)
      from.on('data', (chunk: Buffer) => {
        bytes[way] += chunk.length
        carry(chunk, from)
      })
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    bytes: () => bytes,
    firstMs: () => firstMs,
    reset: () => {
      bytes = { up: 0, down: 0 }
      firstMs = undefined
    },
    bend: (next) => {
      shape = next
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Carries chunks to a socket in their order: at once, or as slowly as a bad line does. */
function carrier(to: Socket, shapeNow: () => Shape | undefined) {
  let line: Promise<void> = Promise.resolve()
  let lineFreeMs = 0
  let pieces = 0
  const slowly = async (chunk: Buffer, shape: Shape): Promise<void> => {
    for (let at = 0; at < chunk.length; at += pieceBytes) {
      const piece = chunk.subarray(at, at + pieceBytes)
      pieces += 1
      const held = pieces % 100 < shape.stallsPerHundred ? shape.stallMs : 0
      const startMs = Math.max(performance.now(), lineFreeMs) + held
      lineFreeMs = startMs + (piece.length * 8 * 1_000) / shape.bitsPerSecond
      await wait(Math.max(0, lineFreeMs - performance.now()))
      // On its way: the next piece follows without waiting for this one to arrive.
      setTimeout(() => to.writable && to.write(piece), shape.roundTripMs / 2)
    }
  }
  return (chunk: Buffer, from: Socket): void => {
    const shape = shapeNow()
    if (shape === undefined) {
      if (to.writable && !to.write(chunk)) {
        from.pause()
        to.once('drain', () => from.resume())
      }
      return
    }
    from.pause()
    line = line.then(() => slowly(chunk, shape)).finally(() => from.resume())
  }
}
