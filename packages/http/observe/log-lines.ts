import { writeSync } from 'node:fs'

/** Where a log goes, line by line. */
export type LogLines = { readonly write: (line: string) => void }

/**
 * Writes a log to a file descriptor. A line for which there is no room, or nobody to read it, is lost,
 * and nothing else is: Node's own stream ends the process where a write fails, and a server whose disk
 * is full has to say so to those who ask.
 */
export function logLinesTo(descriptor: number): LogLines {
  return {
    write: (line) => {
      try {
        writeSync(descriptor, line)
      } catch {
        // Where should it be told?
      }
    },
  }
}
