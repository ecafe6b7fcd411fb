import type { DriverPorts } from '../contract.ts'
import type { Message } from './messages.ts'
import type { Header, Request } from './requests.ts'

// A line to the machine, whichever of its transports it is: SOAP with an event channel (soap-line.ts), or one
// socket for both (socket-line.ts). The driver above knows no difference.

/** What became of a call. */
export type Answer =
  | { readonly at: 'answered'; readonly message: Message }
  /** The machine has no such call: older firmware has fewer. It did nothing. */
  | { readonly at: 'unable' }
  /** It was not reached: it knows nothing of the call. */
  | { readonly at: 'unheard'; readonly why: string }
  /** It may have heard, and said nothing that can be read: what it did is not known. */
  | { readonly at: 'silent'; readonly why: string }

export type Session =
  /** Without an id where the machine has no sessions. */
  | { readonly opened: true; readonly sessionId: string | undefined }
  | { readonly opened: false; readonly why: string }

/** What a line tells by itself. */
export type LinePorts = {
  /** Events, and copies of answers, ours and others'. */
  readonly hear: (message: Message) => void
  /** Something came, even if only a sign of life. */
  readonly beat: () => void
  /** The line is gone. It is not said of a line that was closed, and once. */
  readonly broken: (why: string) => void
  readonly strange: (about: string) => void
  readonly trace: DriverPorts['trace']
}

export type Line = {
  readonly kind: 'soap' | 'socket'
  /** Takes a session, or learns that there are none. */
  readonly openSession: (header: Header) => Promise<Session>
  /** Where the machine has to be told to send its events; `undefined` where they come by themselves. */
  readonly eventsTo: () => { readonly host: string; readonly port: number } | undefined
  /** Calls on a connection of its own, or beside others. Without `timeoutMs` it waits until the line breaks. */
  readonly ask: (header: Header, request: Request, timeoutMs: number | undefined) => Promise<Answer>
  /** Ends everything; calls under way are `silent`. */
  readonly close: () => Promise<void>
}

/** Who logs in, where the machine checks its users. */
export type Login = { readonly user: string; readonly password: string }

/** To a machine on the same network; it accepts within milliseconds, or is off. */
export const connectTimeoutMs = 5_000

/** The raw log shows what was said, but no password. */
export const hideSecrets = (text: string): string =>
  text.replace(/(<(?:\w+:)?(?:UserPwd|Password|NewPassword)>)[^<]*/g, '$1***')
