/** What happened in a world, as one number: two runs of a seed must agree (checker G12). */
export type Trace = {
  readonly note: (text: string) => void
  readonly hash: () => string
  /** The last lines, for a person who looks for the cause of a violation. */
  readonly last: () => readonly string[]
}

const linesKept = 400

/** Two lanes of FNV-1a: fast, and nobody attacks a trace. */
export function makeTrace(nowMs: () => number): Trace {
  let a = 0x811c9dc5
  let b = 0x9e3779b9
  const lines: string[] = []
  return {
    note: (text) => {
      const line = `${nowMs()} ${text}`
      for (let at = 0; at < line.length; at += 1) {
        const code = line.charCodeAt(at)
        a = Math.imul(a ^ code, 0x01000193)
        b = Math.imul(b ^ code, 0x85ebca6b)
        b ^= b >>> 13
      }
      lines.push(line)
      if (lines.length > 2 * linesKept) lines.splice(0, linesKept)
    },
    hash: () => hex(a) + hex(b),
    last: () => lines.slice(-linesKept),
  }
}

const hex = (value: number) => (value >>> 0).toString(16).padStart(8, '0')
