import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { connectTimeoutMs } from './line.ts'

// The machine's certificate is its own: nobody else vouches for it. It is taken as it is the first time, like a
// host key of SSH, and after that no other one is talked to.

/** The certificate that is known of a machine: SHA-256, pairs of hexadecimal digits with colons. */
export type Pin = {
  readonly known: () => string | undefined
  /** Keeps the first that is seen. */
  readonly learn: (fingerprint: string) => void
}

export type Address = { readonly host: string; readonly port: number; readonly secure: boolean }

export type ConnectRefusal =
  | { readonly code: 'unreached'; readonly why: string }
  /** Another machine, another certificate, or somebody in between: nothing was said to it. */
  | { readonly code: 'certificate_changed'; readonly known: string; readonly seen: string }
  /** Its certificate is known, so nothing is said to it in the open. */
  | { readonly code: 'insecure' }

/** Says a refusal in a few words, for `lost` and the journal. */
export function whyNot(refusal: ConnectRefusal): string {
  if (refusal.code === 'unreached') return refusal.why
  if (refusal.code === 'insecure') return 'insecure'
  return `certificate_changed: ${refusal.known} became ${refusal.seen}`
}

/**
 * Connects, over TLS where `secure`, and looks at the certificate before a byte is sent. The socket belongs to
 * the caller, errors on it too.
 */
export function connectPinned(
  { host, port, secure }: Address,
  pin: Pin,
): Promise<Outcome<Socket, ConnectRefusal>> {
  const known = pin.known()
  if (!secure && known !== undefined) return Promise.resolve(refused({ code: 'insecure' }))
  return new Promise((resolve) => {
    const socket = secure
      ? connectTls({
          ...{ host, port, minVersion: 'TLSv1.2' },
          ...(isIP(host) === 0 && { servername: host }),
          // Who vouches for it is asked below, by its fingerprint, before anything is written.
          rejectUnauthorized: false,
        })
      : connectTcp({ host, port })
    const timer = setTimeout(() => fail('no answer'), connectTimeoutMs)
    const settle = (outcome: Outcome<Socket, ConnectRefusal>) => {
      clearTimeout(timer)
      socket.off('error', onError)
      // Errors between now and the caller's own listener are seen as the end of the connection.
      socket.on('error', () => {})
      if (!outcome.ok) socket.destroy()
      resolve(outcome)
    }
    const fail = (why: string) => settle(refused({ code: 'unreached', why }))
    const onError = (error: NodeJS.ErrnoException) => fail(error.code ?? error.message)
    socket.on('error', onError)
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      socket.setNoDelay(true)
      settle(secure ? vouch(socket as TLSSocket, known, pin) : accepted(socket))
    })
  })
}

function vouch(
  socket: TLSSocket,
  known: string | undefined,
  pin: Pin,
): Outcome<Socket, ConnectRefusal> {
  const seen = socket.getPeerCertificate().fingerprint256 as string | undefined
  if (seen === undefined) return refused({ code: 'unreached', why: 'no certificate' })
  if (known === undefined) pin.learn(seen)
  else if (known.toUpperCase() !== seen.toUpperCase()) {
    return refused({ code: 'certificate_changed', known, seen })
  }
  return accepted(socket)
}
