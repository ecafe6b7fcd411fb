// A till's epoch is `major.minor`. The store server grants the major at enrolment; the till raises the
// minor whenever it cannot know that it goes on exactly where it stopped. A copied or restored profile
// and a power cut thus begin a new stream, and no old one is ever continued (docs/specs/sync.md).

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

/**
 * The epoch to seal in from now on. It stays where the mark says that the last run ended in good order
 * at exactly the head found now; otherwise its minor is one more. A first start has nothing to continue.
 */
export function chooseEpoch(
  epoch: string,
  found: { readonly mark: ShutdownMark | undefined; readonly head: ShutdownMark | undefined },
): string {
  if (found.head === undefined) return epoch
  return found.mark === found.head ? epoch : raiseMinor(epoch)
}

/** The next minor of an epoch. */
export function raiseMinor(epoch: string): string {
  const [major = '', minor = ''] = epoch.split('.')
  return `${major}.${Number(minor) + 1}`
}
