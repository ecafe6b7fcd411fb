import { connect, type Socket } from 'node:net'
import { type Destination, type Fcc, type FccPorts, frameOf, keyOf, type Listener } from './fcc.ts'

// The machine's event channel: it dials everybody who registered, and dials again when a line is lost.

const connectMs = 3_000
/** How long the rest of a frame that is cut, or of several that are merged, lets wait for itself. */
const tailMs = 5
const bufferBytesMax = 16_000_000

type Line = { socket: Socket | undefined; listener: Listener; open: boolean; waiting: Buffer }

/** `hear` is asked once the controller is there. */
export function createDialler(fcc: () => Fcc, redialMs: number) {
  const lines = new Map<string, Line>()

  const dial: FccPorts['dial'] = (to, numbers, done) => {
    hangUp(to)
    const line: Line = {
      ...{ socket: undefined, open: true, waiting: Buffer.alloc(0) },
      listener: {
        send: (frame) => write(fcc(), line, `${frame}\0`),
        drop: () => line.socket?.destroy(),
        ...(numbers && { numbers }),
      },
    }
    lines.set(keyOf(to), line)
    reach(to, line, done)
  }

  const reach = (to: Destination, line: Line, done?: (reached: boolean) => void) => {
    if (!line.open) return
    const socket = connect({ host: to.host, port: to.port, timeout: connectMs })
    line.socket = socket
    let reached = false
    socket.once('connect', () => {
      reached = true
      line.waiting = Buffer.alloc(0)
      socket.setTimeout(0).setNoDelay(true)
      fcc().listeners.add(line.listener)
      write(fcc(), line, `${frameOf(fcc().heartBeat())}\0`)
      done?.(true)
    })
    socket.once('timeout', () => socket.destroy())
    socket.on('error', () => {})
    socket.resume()
    socket.once('close', () => {
      fcc().listeners.delete(line.listener)
      if (!reached) done?.(false)
      if (line.open && (reached || done === undefined)) {
        fcc().ports.clock.after(redialMs, () => reach(to, line))
      }
    })
  }

  const hangUp = (to: Destination) => {
    const line = lines.get(keyOf(to))
    if (line === undefined) return
    line.open = false
    lines.delete(keyOf(to))
    fcc().listeners.delete(line.listener)
    line.socket?.destroy()
  }

  const cutAll = () => {
    for (const line of lines.values()) {
      line.open = false
      line.socket?.destroy()
    }
    lines.clear()
  }
  return { dial, hangUp, cutAll }
}

/** Whole, or cut in two, or kept until the next comes along; always in its order. */
function write({ moods, ports }: Fcc, line: Line, frame: string): void {
  const { socket } = line
  if (socket === undefined || socket.destroyed) return
  // One that does not read is not waited for.
  if (socket.writableLength > bufferBytesMax) {
    socket.destroy()
    return
  }
  const bytes = Buffer.concat([line.waiting, Buffer.from(frame)])
  const merges = moods.chop === 'merge' && line.waiting.length === 0
  const now = moods.chop === 'split' ? Math.floor(bytes.length / 2) : merges ? 0 : bytes.length
  if (now > 0) socket.write(bytes.subarray(0, now))
  line.waiting = bytes.subarray(now)
  if (line.waiting.length > 0) ports.clock.after(tailMs, () => flush(line))
}

function flush(line: Line): void {
  if (line.waiting.length > 0 && line.socket?.destroyed === false) line.socket.write(line.waiting)
  line.waiting = Buffer.alloc(0)
}
