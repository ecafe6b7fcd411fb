import { createServer, type Socket } from 'node:net'
import { StringDecoder } from 'node:string_decoder'
import { xmlBytesMax } from './xml.ts'

// The machine's event channel: it dials us, and sends XML, each frame ended by one NUL byte, in pieces as the
// network likes. Nothing is sent back.

/** The machine has one connection to each destination; another is a new one beside an old that hangs. */
const connectionsMax = 4

/**
 * Cuts a stream into frames. A frame beyond the bound is dropped to its end, and said once; memory never holds
 * more than one bound of it.
 */
export function cutFrames(
  frame: (text: string) => void,
  tooLong: () => void,
): (chunk: Buffer) => void {
  let decoder = new StringDecoder('utf8')
  let parts: string[] = []
  let length = 0
  let dropping = false
  const take = (part: string) => {
    if (dropping) return
    length += part.length
    parts.push(part)
    if (length <= xmlBytesMax) return
    dropping = true
    parts = []
    tooLong()
  }
  const end = () => {
    const text = parts.join('')
    if (!dropping && text.trim() !== '') frame(text)
    parts = []
    length = 0
    dropping = false
    decoder = new StringDecoder('utf8')
  }
  return (chunk) => {
    let from = 0
    for (let at = chunk.indexOf(0); at !== -1; at = chunk.indexOf(0, from)) {
      take(decoder.write(chunk.subarray(from, at)) + decoder.end())
      end()
      from = at + 1
    }
    if (from < chunk.length) take(decoder.write(chunk.subarray(from)))
  }
}

export type EventListener = {
  readonly port: number
  readonly close: () => Promise<void>
}

type Hearing = {
  /** 0 takes any that is free. */
  readonly port: number
  /** Whether an address is the machine's: nobody else may tell how a payment ended. */
  readonly isMachine: (address: string) => boolean
  readonly frame: (text: string) => void
  readonly strange: (about: string) => void
}

/** Listens for the machine. It rejects where the port is taken. */
export function listenForEvents({
  port,
  isMachine,
  frame,
  strange,
}: Hearing): Promise<EventListener> {
  const connections: Socket[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    const from = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
    if (!isMachine(from)) {
      strange(`events from ${from}, which is not the machine`)
      socket.destroy()
      return
    }
    connections.push(socket)
    if (connections.length > connectionsMax) connections.shift()?.destroy()
    socket.on(
      'data',
      cutFrames(frame, () => strange('an event that is too long')),
    )
    socket.on('close', () => {
      const at = connections.indexOf(socket)
      if (at !== -1) connections.splice(at, 1)
    })
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, () => {
      server.off('error', reject)
      server.on('error', (error) => strange(`event listener: ${error.message}`))
      const address = server.address()
      resolve({
        port: address !== null && typeof address === 'object' ? address.port : port,
        close: () =>
          new Promise<void>((closed) => {
            server.close(() => closed())
            for (const socket of connections.splice(0)) socket.destroy()
          }),
      })
    })
  })
}
