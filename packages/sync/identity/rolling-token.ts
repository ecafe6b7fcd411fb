import type { RollingToken } from '../message/messages.ts'

/** As many words of a child are remembered: more hellos than that are never on their way at once. */
export const tokensKept = 16

export type TokenVerdict =
  /** The first word of this epoch: both are remembered. */
  | 'begins'
  /** It goes on from the newest word: `next` is remembered. */
  | 'goes_on'
  /** It was said before: its answer was lost, or it came twice. */
  | 'repeats'
  /** Somebody else went on from that word, or nobody of ours ever said it. */
  | 'cloned'

/**
 * Judges the pair that a child says, by the words that it said before in this epoch, oldest first. The
 * child makes `next` by chance and writes it down before it says it, so a child that crashed says the
 * same pair again; two copies of one child say different ones, and the second to come is found.
 * (As refresh tokens that rotate: RFC 9700, section 4.14.)
 */
export function judgeToken(history: readonly string[], { held, next }: RollingToken): TokenVerdict {
  const newest = history.at(-1)
  if (newest === undefined) return 'begins'
  const at = history.lastIndexOf(held)
  if (at === -1) return 'cloned'
  if (at === history.length - 1) return 'goes_on'
  return history[at + 1] === next ? 'repeats' : 'cloned'
}
