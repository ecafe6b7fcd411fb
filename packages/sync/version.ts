/**
 * The version of the facts and messages between tills, stores and the cloud. Raise it when one changes
 * in a way that an older peer cannot read, and add a line that says what changed. The test beside this
 * file hashes every shape, so that no change is silent.
 *
 * 1: hello, push, pull, poke; sales, refunds, till sessions, cash movements, registers.
 * 2: a hello says a rolling token, signed heads and health, its answer whether the child was copied, and
 *    the cloud's receipts; renew, hashes, and pulls of author streams.
 */
export const protocolVersion = 2

/** Some stores are off for weeks, so a parent still speaks every version from this one on. */
export const protocolVersionMin = 1

export type VersionRange = readonly [min: number, max: number]

/**
 * The newest version that both sides speak; `undefined` if there is none. A child that is too old is
 * told so by a code, and goes on selling: it only cannot sync before it is updated.
 */
export function agreeVersion(theirs: VersionRange): number | undefined {
  const newest = Math.min(theirs[1], protocolVersion)
  return newest >= Math.max(theirs[0], protocolVersionMin) ? newest : undefined
}
