// Whether this is the browser that the till was set up in. A database that was copied into another
// profile, or put back from a backup, brings along everything but what lies beside it.

/** What the two places remember. */
export type BodyMarks = {
  /** In the database. */
  readonly kept: string | undefined
  /** In the browser's local storage, which no copy of the database has. */
  readonly beside: string | undefined
  /** Whether the device's key can sign; `undefined` where there is none. */
  readonly keyWorks: boolean | undefined
}

/** `first` after a set-up: there is nothing to compare yet. */
export type Body = 'same' | 'first' | 'other'

/** Compares what the two places remember. */
export function judgeBody({ kept, beside, keyWorks }: BodyMarks): Body {
  if (keyWorks === false) return 'other'
  if (kept === undefined) return 'first'
  return kept === beside ? 'same' : 'other'
}
