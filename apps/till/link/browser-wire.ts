import type { MendWire, Timer, Wire } from '@tillkeeper/sync/link/ports.ts'
import { httpWire, type Socket } from '@tillkeeper/sync/wire/http-wire.ts'
import { waitMs } from '../app/record-act.ts'

/** The browser's clock and timers. */
export const browserTimer: Timer = { after: waitMs, elapsed: () => performance.now() }

/** The way to the store server that served this page. */
export function browserWire(token: string): Wire & MendWire {
  return httpWire({
    baseUrl: location.origin,
    fetch: (url, init) => fetch(url, init),
    openSocket: (url) => new WebSocket(url) as Socket,
    gzip,
    // A device token has no end; it is good until the store server revokes it.
    token: async ({ fresh }) => (fresh ? undefined : token),
    timer: browserTimer,
  })
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}
