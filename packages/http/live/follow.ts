import type { WebSocket } from '@fastify/websocket'
import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { LiveEvent } from '@tillkeeper/projections/journal/live-sql.ts'
import type { ShopScope } from '@tillkeeper/projections/page/shop-scope.ts'
import { eventsReadMax, type LiveHub } from './live-hub.ts'

/** A client that does not read is cut off: it resumes where it was. */
const unreadBytesMax = 1_048_576
/** Events that may wait while one who was away is told what it missed. */
const waitingMax = 5_000
const pingMs = 20_000
/** Whose rights were taken back is cut off after so long. */
const checkMs = 60_000

export type Follow = {
  readonly hub: LiveHub
  readonly org: OrgId
  readonly shops: ShopScope
  /** The last event that the client has; undefined: from now on. */
  readonly after: number | undefined
  /** Whether the client may still see what it sees. */
  readonly still: () => Promise<boolean>
}

/** Sends the live feed to one socket: first what it missed, then what happens, without a gap between. */
export async function follow(options: Follow, socket: WebSocket): Promise<void> {
  const { hub, org } = options
  const line = openLine(options, socket)
  const { leave } = await hub.join(org, line.listener)
  socket.on('close', leave)
  if (socket.readyState !== socket.OPEN) return leave()
  if (options.after !== undefined) await line.catchUp(options.after)
  line.goLive()
}

function openLine({ hub, org, shops, still }: Follow, socket: WebSocket) {
  /** What happened since we joined, while the past is read; undefined once we are live. */
  let waiting: LiveEvent[] | undefined = []
  let sentSeq = 0

  const write = (message: unknown) => {
    if (socket.bufferedAmount > unreadBytesMax) socket.terminate()
    else if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
  }
  const send = (events: readonly LiveEvent[]) => {
    for (const event of events) {
      if (event.liveSeq <= sentSeq) continue
      sentSeq = event.liveSeq
      if (maySee(shops, event)) write(event)
    }
  }
  const reset = (liveSeq: number) => {
    sentSeq = liveSeq
    write({ type: 'reset', liveSeq })
  }
  keepAlive(socket, still)
  return {
    listener: {
      onEvents: (events: readonly LiveEvent[]) => {
        if (waiting === undefined) return send(events)
        waiting.push(...events)
        if (waiting.length > waitingMax) socket.terminate()
      },
      onReset: reset,
    },
    catchUp: async (after: number) => {
      for (let at = after; ; ) {
        const missed = await hub.read(org, { after: at, shops })
        if (missed.kind === 'reset') return reset(missed.liveSeq)
        send(missed.events)
        const last = missed.events.at(-1)
        if (last === undefined || missed.events.length < eventsReadMax) return
        at = last.liveSeq
      }
    },
    goLive: () => {
      const held = waiting ?? []
      waiting = undefined
      send(held)
    },
  }
}

function maySee(shops: ShopScope, { shopId }: LiveEvent): boolean {
  return shops === 'all' || (shopId !== null && shops.has(shopId as ShopId))
}

/** Cuts off who does not answer a ping, and who may not see the feed any more. */
function keepAlive(socket: WebSocket, still: () => Promise<boolean>): void {
  let answered = true
  const ping = setInterval(() => {
    if (!answered) return socket.terminate()
    answered = false
    socket.ping()
  }, pingMs)
  const check = setInterval(() => {
    still().then(
      (may) => (may ? undefined : socket.close(4401)),
      () => socket.close(1013),
    )
  }, checkMs)
  socket.on('pong', () => {
    answered = true
  })
  socket.on('error', () => socket.terminate())
  // The feed is a one-way street.
  socket.on('message', () => socket.close(1008))
  socket.on('close', () => {
    clearInterval(ping)
    clearInterval(check)
  })
}
