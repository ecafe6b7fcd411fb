// Text packets of Engine.IO 3 with Socket.IO 2 inside: a digit each, and JSON.

/** What the server says about its pings is taken between these, in milliseconds. */
const pingMs = { least: 1_000, usual: 25_000, most: 60_000 }

export type Packet =
  | { readonly is: 'open'; readonly pingEveryMs: number }
  | { readonly is: 'connected' }
  | { readonly is: 'event'; readonly name: string; readonly args: readonly unknown[] }
  | { readonly is: 'ping'; readonly payload: string }
  | { readonly is: 'pong' }
  | { readonly is: 'closed' }
  /** It announces a binary message, which is read when it comes. */
  | { readonly is: 'announcement' }
  | { readonly is: 'odd'; readonly why: string }

/** Reads a text packet. It takes any text and never throws. */
export function readPacket(text: string): Packet {
  switch (text[0]) {
    case '0':
      return { is: 'open', pingEveryMs: pingEveryMsOf(text.slice(1)) }
    case '1':
      return { is: 'closed' }
    case '2':
      return { is: 'ping', payload: text.slice(1) }
    case '3':
      return { is: 'pong' }
    case '4':
      return readMessagePacket(text)
    default:
      return { is: 'odd', why: `a packet of kind ${text.slice(0, 1)}` }
  }
}

function readMessagePacket(text: string): Packet {
  switch (text[1]) {
    case '0':
      return { is: 'connected' }
    case '1':
      return { is: 'closed' }
    case '2': {
      const list = parseJson(text.slice(2))
      const [name, ...args]: readonly unknown[] = Array.isArray(list) ? list : []
      return typeof name === 'string'
        ? { is: 'event', name, args }
        : { is: 'odd', why: 'an event that cannot be read' }
    }
    case '5':
      return { is: 'announcement' }
    default:
      return { is: 'odd', why: `a message of kind ${text.slice(1, 2)}` }
  }
}

function pingEveryMsOf(text: string): number {
  const said = fieldOf(parseJson(text), 'pingInterval')
  const ms = typeof said === 'string' ? Number(said) : Number.NaN
  return Number.isFinite(ms) ? Math.min(pingMs.most, Math.max(pingMs.least, ms)) : pingMs.usual
}

/** A field of what came as JSON: numbers as text, since the machine writes both. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  const field: unknown = Object.entries(value).find(([key]) => key === name)?.[1]
  return typeof field === 'number' ? String(field) : field
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
