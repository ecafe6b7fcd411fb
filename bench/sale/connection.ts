import { once } from 'node:events'
import { connect } from 'node:net'

// One kept-alive HTTP/1.1 connection for one client that asks, waits and asks again. It shares two
// cores with the servers it measures, so it does no more than this: Node's own client took as much
// time as a quarter of the sale itself.

export type Reply = {
  readonly status: number
  /** The status line and the headers. */
  readonly head: string
  readonly body: Buffer
}

export type Connection = {
  /** Sends one request and waits for its reply; one at a time. */
  readonly post: (path: string, body: string | Buffer, headers?: Headers) => Promise<Reply>
  readonly close: () => void
}

/** What is said beside who asks; left out: that the body is JSON. */
type Headers = Readonly<Record<string, string>>
const isJson: Headers = { 'content-type': 'application/json' }

const headEnd = Buffer.from('\r\n\r\n')

export async function openConnection(url: string, token: string): Promise<Connection> {
  const { hostname, port, host } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  await once(socket, 'connect')
  let waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | undefined
  let received: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const reply = readReply(received)
    if (reply === undefined) return
    received = Buffer.alloc(0)
    waiting?.resolve(reply)
    waiting = undefined
  })
  socket.on('error', (error) => waiting?.reject(error))
  socket.on('close', () => waiting?.reject(new Error('the server closed the connection')))
  return {
    post: (path, body, headers = isJson) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        const said = Object.entries({ authorization: `Bearer ${token}`, ...headers })
        const head =
          `POST ${path} HTTP/1.1\r\nhost: ${host}\r\n` +
          said.map(([name, value]) => `${name}: ${value}\r\n`).join('') +
          `content-length: ${Buffer.byteLength(body)}\r\n\r\n`
        if (typeof body === 'string') socket.write(head + body)
        else socket.write(Buffer.concat([Buffer.from(head, 'latin1'), body]))
      }),
    close: () => socket.destroy(),
  }
}

/** Reads a whole reply; `undefined` while some of it has not come yet. */
export function readReply(bytes: Buffer): Reply | undefined {
  const end = bytes.indexOf(headEnd)
  if (end === -1) return undefined
  const head = bytes.toString('latin1', 0, end)
  const status = /^HTTP\/1\.1 ([0-9]{3}) /.exec(head)?.[1]
  const length = /\r\ncontent-length: ([0-9]+)/i.exec(head)?.[1]
  if (status === undefined || length === undefined) throw new Error(`a strange reply: ${head}`)
  const from = end + headEnd.length
  if (bytes.length < from + Number(length)) return undefined
  return { status: Number(status), head, body: bytes.subarray(from, from + Number(length)) }
}
