import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

// A wire between a server and its database that understands where one message of the front end ends, so
// that the server can die exactly between two of them. Every message counts: those that connect, parse,
// bind, execute and commit.

export type KillMoment = 'before' | 'after'

/** The `at`-th message (from 1) after arming, and whether it still reaches the database. */
export type KillPoint = { readonly at: number; readonly moment: KillMoment }

export type SqlProxy = {
  readonly port: number
  /**
   * Counts messages from now on. At `point` it calls `onPoint` in the same turn: before the message is
   * passed on, or once the database has done what it said, with the reply kept back.
   */
  readonly arm: (point: KillPoint | undefined, onPoint: () => void) => void
  /** Messages since it was armed. */
  readonly count: () => number
  /** Messages since ever, armed or not. */
  readonly total: () => number
  /** Passes everything on again. */
  readonly disarm: () => void
  readonly stop: () => Promise<void>
}

type Armed = { readonly point: KillPoint | undefined; readonly onPoint: () => void; seen: number }

const lengthBytes = 4
const sync = 0x53
const simpleQuery = 0x51
const readyForQuery = 0x5a
/** A message that is answered only at the next `Sync` is given this long to be carried out. */
const unansweredMs = 5

/** Lays the wire to the database on `targetPort` of the loopback. */
export async function laySqlProxy(targetPort: number): Promise<SqlProxy> {
  const sockets = new Set<Socket>()
  let armed: Armed | undefined
  let total = 0
  const server = createServer((front) => {
    const back = connect({ port: targetPort, host: '127.0.0.1', noDelay: true })
    front.setNoDelay(true)
    const wire = { front, back, dead: false, heldBack: undefined as (() => void) | undefined }
    for (const [socket, other] of [
      [front, back],
      [back, front],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
    const split = splitMessages()
    front.on('data', (chunk) => {
      for (const message of split(chunk)) {
        if (wire.dead) return
        total += 1
        passOn(message, wire, armed)
      }
    })
    const ready = watchForReady()
    back.on('data', (chunk) => {
      if (wire.heldBack === undefined) {
        ready(chunk)
        if (!wire.dead) front.write(chunk)
      } else if (ready(chunk)) wire.heldBack()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    arm: (point, onPoint) => {
      armed = { point, onPoint, seen: 0 }
    },
    count: () => armed?.seen ?? 0,
    total: () => total,
    disarm: () => {
      armed = undefined
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

type OneWire = {
  readonly front: Socket
  readonly back: Socket
  /** Its server was killed: nothing passes any more. */
  dead: boolean
  /** Replies are kept back; called when the database has answered. */
  heldBack: (() => void) | undefined
}

function passOn(message: Buffer, wire: OneWire, armed: Armed | undefined): void {
  if (armed === undefined) {
    wire.back.write(message)
    return
  }
  armed.seen += 1
  const { point, onPoint } = armed
  if (armed.seen !== point?.at) {
    wire.back.write(message)
    return
  }
  wire.dead = true
  if (point.moment === 'before') {
    onPoint()
    return
  }
  wire.heldBack = onPoint
  wire.back.write(message)
  const answered = message[0] === sync || message[0] === simpleQuery
  if (!answered) setTimeout(onPoint, unansweredMs)
}

/** Cuts bytes of a front end into its messages; the first has no type and is the longer for it. */
function splitMessages(): (chunk: Buffer) => readonly Buffer[] {
  let rest: Buffer = Buffer.alloc(0)
  let typeBytes = 0
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const messages: Buffer[] = []
    while (rest.length >= typeBytes + lengthBytes) {
      const size = typeBytes + rest.readUInt32BE(typeBytes)
      if (rest.length < size) break
      messages.push(rest.subarray(0, size))
      rest = rest.subarray(size)
      typeBytes = 1
    }
    return messages
  }
}

/** Says of each chunk of replies whether it ended an exchange: the database waits for the next. */
function watchForReady(): (chunk: Buffer) => boolean {
  // Of a message that is not all here: how many of its bytes are still to come, and its first ones.
  let skip = 0
  let head: Buffer = Buffer.alloc(0)
  return (chunk) => {
    let found = false
    let rest = head.length === 0 ? chunk : Buffer.concat([head, chunk])
    head = Buffer.alloc(0)
    while (rest.length > 0) {
      if (skip > 0) {
        const step = Math.min(skip, rest.length)
        skip -= step
        rest = rest.subarray(step)
        continue
      }
      if (rest.length < 1 + lengthBytes) {
        head = rest
        break
      }
      if (rest[0] === readyForQuery) found = true
      skip = 1 + rest.readUInt32BE(1)
    }
    return found
  }
}
