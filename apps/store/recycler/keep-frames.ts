import type { DriverPorts } from '@tillkeeper/devices/cash-recycler/contract.ts'

/** A frame as it came or went, cut where it is long. */
export type Frame = {
  readonly at: string
  readonly direction: 'in' | 'out'
  readonly text: string
}

/** As many frames of a machine are kept: some sales, or some minutes of heartbeats. */
export const framesMax = 500
/** An inventory of thirty faces in three views is about as long. */
const charactersMax = 8_000

/** Keeps the newest frames of one machine, in memory: drivers hide passwords in what they trace. */
export function keepFrames(now: () => Date): {
  readonly frames: readonly Frame[]
  readonly trace: DriverPorts['trace']
} {
  const frames: Frame[] = []
  return {
    frames,
    trace: (direction, text) => {
      frames.push({ at: now().toISOString(), direction, text: text.slice(0, charactersMax) })
      if (frames.length > framesMax) frames.shift()
    },
  }
}
