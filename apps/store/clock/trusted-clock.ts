import {
  type ClockFloor,
  type ClockReading,
  hearTime,
  noteClocks,
  startTrustedTime,
  trustedMs,
} from '@tillkeeper/sync/clock/trusted-time.ts'
import type { Wire } from '@tillkeeper/sync/link/ports.ts'
import type { HelloReply } from '@tillkeeper/sync/message/messages.ts'

/** What time it is in this shop, whatever somebody set the computer's clock to. */
export type TrustedClock = {
  readonly now: () => Date
  /** Listens to the time that the cloud says in its answers to our hellos. */
  readonly listenTo: (wire: Wire) => Wire
  /** Milliseconds that the computer's clock is ahead of the cloud's; `undefined` before a word of it. */
  readonly offsetMs: () => number | undefined
}

const readClocks = (): ClockReading => ({ wallMs: Date.now(), monotonicMs: performance.now() })

/** Keeps trusted time (packages/sync/clock) by this computer's clocks; tests bring their own. */
export function createTrustedClock(
  floor: ClockFloor,
  read: () => ClockReading = readClocks,
): TrustedClock {
  let time = startTrustedTime(read(), floor)
  const hear = (sentMonotonicMs: number, { now }: Pick<HelloReply, 'now'>): void => {
    time = hearTime(time, { sentMonotonicMs, received: read(), parentMs: Date.parse(now) })
  }
  return {
    now: () => {
      const reading = read()
      // Each question is a look at both clocks: so a jump is seen by who asks first after it.
      time = noteClocks(time, reading)
      return new Date(trustedMs(time, reading))
    },
    listenTo: (wire) => ({
      ...wire,
      hello: async (hello) => {
        const sentMonotonicMs = read().monotonicMs
        const outcome = await wire.hello(hello)
        if (outcome.ok) hear(sentMonotonicMs, outcome.value)
        return outcome
      },
    }),
    offsetMs: () => time.offsetMs,
  }
}
