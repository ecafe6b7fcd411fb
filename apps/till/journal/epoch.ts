import { assert } from '@tillkeeper/core/base/assert.ts'

// A till's epoch is `major.minor`. The store server grants the major, at enrolment and when it is asked to
// renew; the till raises the minor whenever it cannot know that it goes on exactly where it stopped. A
// copied or restored profile and a power cut thus begin a new stream, and no old one is ever continued
// (docs/specs/replication.md).

/** What stood when the till was last closed in good order: written by the page as it goes. */
export type ShutdownMark = string

/** The mark of a stream's head: it fits that position and content only. */
export function markOf(head: {
  readonly stream: string
  readonly seq: number
  readonly hash: string
}): ShutdownMark {
  return `${head.stream}#${head.seq}#${head.hash}`
}

/** How the last run ended, and whether this is still the browser in which it ran. */
export type Found = {
  readonly mark: ShutdownMark | undefined
  readonly head: ShutdownMark | undefined
  /** What is kept here may be a copy, or older than what this till once held. */
  readonly suspect: boolean
  /** In [0, 1): two copies that start at one moment must not choose alike. */
  readonly chance: number
}

/**
 * The epoch to seal in from now on. It stays where the mark says that the last run ended in good order
 * at exactly the head found now; otherwise its minor is one more. A first start has nothing to continue.
 * A suspect start gets a provisional minor, which no copy of it will share.
 */
export function chooseEpoch(epoch: string, { mark, head, suspect, chance }: Found): string {
  if (suspect) return provisionalEpoch(epoch, chance)
  if (head === undefined) return epoch
  return mark === head ? epoch : raiseMinor(epoch)
}

/** The next minor of an epoch. */
export function raiseMinor(epoch: string): string {
  const [major = '', minor = ''] = epoch.split('.')
  return `${major}.${Number(minor) + 1}`
}

/** Nine digits, with room for a hundred million unclean starts after it. */
const provisionalFrom = 100_000_000
const provisionalTo = 900_000_000

/** An epoch of the same major whose minor was drawn: sealed in until the store server grants a major. */
export function provisionalEpoch(epoch: string, chance: number): string {
  assert(chance >= 0 && chance < 1, 'chance is a number in [0, 1)')
  const [major = ''] = epoch.split('.')
  return `${major}.${provisionalFrom + Math.floor(chance * (provisionalTo - provisionalFrom))}`
}
