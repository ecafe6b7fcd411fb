import { randomBytes } from 'node:crypto'
import type { Actor } from '../auth/actor.ts'

const lifeMs = 30_000
const ticketsMax = 1_000

export type Tickets = {
  /** A ticket for one connection; `undefined` where too many are out. */
  readonly issue: (ticket: Ticket) => string | undefined
  /** Takes a ticket back, and whom it was given to, once and in time. */
  readonly redeem: (text: string) => Ticket | undefined
}

/** Whom a ticket was given to, and the token that it stands for. */
export type Ticket = { readonly actor: Actor; readonly token: string }

/**
 * Tickets for a WebSocket, which can carry no header from a browser: one use, half a minute. So the token
 * itself never stands in an address, and in no log.
 */
export function createTickets(now: () => Date): Tickets {
  const out = new Map<string, Ticket & { readonly untilMs: number }>()
  return {
    issue: (ticket) => {
      const nowMs = now().getTime()
      for (const [text, { untilMs }] of out) if (untilMs <= nowMs) out.delete(text)
      if (out.size >= ticketsMax) return undefined
      const text = randomBytes(24).toString('base64url')
      out.set(text, { ...ticket, untilMs: nowMs + lifeMs })
      return text
    },
    redeem: (text) => {
      const ticket = out.get(text)
      out.delete(text)
      return ticket !== undefined && ticket.untilMs > now().getTime() ? ticket : undefined
    },
  }
}
