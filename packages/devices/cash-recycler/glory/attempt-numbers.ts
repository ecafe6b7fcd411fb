import type { Attempt } from '../contract.ts'

// An attempt is several calls: its start bears its own number, and the calls that end it the same with another
// first letter, since a machine may refuse a number that it has heard (SoapDuplicateCheck).

/** What the numbers of one attempt's calls have in common. */
export const keyOf = (seqNo: string): string => seqNo.slice(1)

/** `C` takes back, `S` ends for want of change, `E` says that this was all. */
export const endingNumber = (letter: 'C' | 'S' | 'E', { seqNo }: Attempt): string =>
  `${letter}${keyOf(seqNo)}`
