/**
 * What orders edits of one register: `(rep, clock reading, fact id)`. `rep` is 0 but for an edit by which the
 * cloud takes a field back from a clock that was wrong; it beats every lower one, whatever that one's clock.
 */
export type Stamp = {
  /** How often the field was resealed. */
  readonly rep: number
  /** A hybrid logical clock reading, whose text order is its time order. */
  readonly hlc: string
  /** The edit's own id: of a relayed edit, that of the fact that was relayed. */
  readonly factId: string
}

/** Below zero if `a` is before `b`, above if after, 0 only for one and the same edit. Total and transitive. */
export function compareStamps(a: Stamp, b: Stamp): number {
  if (a.rep !== b.rep) return a.rep - b.rep
  if (a.hlc !== b.hlc) return a.hlc < b.hlc ? -1 : 1
  if (a.factId === b.factId) return 0
  return a.factId < b.factId ? -1 : 1
}
