import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { uuidv7 } from '@tillkeeper/core/base/id.ts'

// Makes sales as fast as the server answers, with so many clients side by side, each on its own
// connection and till session. A process of its own, so that what it costs is not counted as the
// server's; and plain sockets, so that it takes as little as it can from the server's two cores.

/** What is asked of this process: one JSON text, its only argument. */
export type Load = {
  readonly host: string
  readonly port: number
  readonly key: string
  /** One for each client. */
  readonly sessions: readonly string[]
  readonly products: readonly string[]
  readonly linesPerSale: number
  readonly currency: string
  readonly givenMinor: number
  readonly seconds: number
}

/** What it prints: how long each sale took, in order. */
export type Loaded = { readonly seconds: number; readonly latenciesMs: readonly number[] }

const load = JSON.parse(process.argv[2] ?? '') as Load
process.stdout.write(`${JSON.stringify(await run(load))}\n`)

async function run(load: Load): Promise<Loaded> {
  const beganMs = performance.now()
  const untilMs = beganMs + load.seconds * 1000
  const each = await Promise.all(load.sessions.map((session) => sell(load, { session, untilMs })))
  return { seconds: (performance.now() - beganMs) / 1000, latenciesMs: each.flat() }
}

async function sell(
  load: Load,
  { session, untilMs }: { readonly session: string; readonly untilMs: number },
): Promise<number[]> {
  const socket = connect({ host: load.host, port: load.port, noDelay: true })
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const latenciesMs: number[] = []
  while (performance.now() < untilMs) {
    const request = writeRequest(load, session)
    const askedMs = performance.now()
    socket.write(request)
    const reply = await readReply(socket)
    latenciesMs.push(performance.now() - askedMs)
    if (!reply.startsWith('HTTP/1.1 201 ')) throw new Error(`a sale was refused: ${reply}`)
  }
  socket.destroy()
  return latenciesMs
}

function writeRequest(load: Load, sessionId: string): string {
  const { products, linesPerSale, currency, givenMinor } = load
  const first = randomBytes(4).readUInt32BE()
  const lines = Array.from({ length: linesPerSale }, (_, index) => ({
    productId: products[(first + index * 7919) % products.length],
    quantity: 1000,
  }))
  const body = JSON.stringify({
    id: uuidv7(Date.now(), randomBytes(10)),
    sessionId,
    currency,
    lines,
    tenders: [{ method: 'cash', givenMinor }],
  })
  return (
    `POST /v1/sales HTTP/1.1\r\nhost: ${load.host}:${load.port}\r\n` +
    `authorization: Bearer ${load.key}\r\ncontent-type: application/json\r\n` +
    `content-length: ${body.length}\r\n\r\n${body}`
  )
}

/** Reads one answer whole: its head, and as many bytes of body as the head says. */
function readReply(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const onData = (chunk: Buffer) => {
      text += chunk.toString('latin1')
      const bodyAt = text.indexOf('\r\n\r\n') + 4
      if (bodyAt < 4) return
      const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, bodyAt))?.[1]
      if (text.length < bodyAt + Number(length)) return
      socket.off('data', onData).off('close', onClose)
      resolve(text)
    }
    const onClose = () => reject(new Error(`the server hung up: ${text}`))
    socket.on('data', onData).once('close', onClose)
  })
}
