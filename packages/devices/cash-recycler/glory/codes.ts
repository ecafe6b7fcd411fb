import type { Level } from '../contract.ts'

// The numbers of the protocol: IF Specification, sections 3.51 (status) and 8 (results), as integrators who read
// it give them; the reference of the fields is in docs/specs/cash-recycler.md. A number that is not here is kept
// and passed on, never taken for one that is.

/** What a result of a call means for us. `unknown`: something may have moved. */
export type ResultMeaning =
  | 'ok'
  | 'cancelled'
  | 'short'
  | 'refund_short'
  | 'inconsistent'
  | 'busy'
  | 'occupied'
  | 'not_occupied'
  | 'mode_off'
  | 'mine'
  | 'session'
  | 'login'
  | 'duplicate'
  | 'verify'
  | 'refused'
  | 'device'
  | 'unknown'

const results: Readonly<Record<number, ResultMeaning>> = {
  0: 'ok',
  1: 'cancelled',
  2: 'device', // A reset came in between.
  3: 'occupied',
  4: 'mode_off',
  5: 'not_occupied',
  6: 'short',
  9: 'refund_short',
  10: 'short',
  11: 'busy',
  12: 'inconsistent',
  13: 'device',
  15: 'login',
  16: 'busy', // Too many sessions: old ones run out by themselves.
  17: 'mine',
  20: 'mode_off',
  21: 'session',
  22: 'session',
  26: 'refused',
  32: 'verify',
  33: 'refused',
  34: 'refused',
  35: 'device',
  36: 'refused',
  40: 'refused',
  41: 'refused',
  42: 'refused',
  43: 'refused',
  44: 'device', // A suspicious note was kept.
  45: 'refused',
  46: 'login',
  96: 'duplicate',
  97: 'refused',
  98: 'refused',
  99: 'device',
  100: 'device',
}
export const meaningOf = (result: number): ResultMeaning => results[result] ?? 'unknown'

/** Where the machine is in its work. */
export type StatusMeaning =
  | 'idle'
  | 'starting'
  | 'waiting'
  | 'counting'
  | 'dispensing'
  | 'short'
  | 'cancelling'
  | 'remove'
  | 'suspicious'
  | 'error'
  | 'busy'

const statuses: Readonly<Record<number, StatusMeaning>> = {
  0: 'busy',
  1: 'idle',
  2: 'starting',
  3: 'waiting',
  4: 'counting',
  5: 'dispensing',
  6: 'remove',
  7: 'remove',
  9: 'cancelling',
  11: 'cancelling',
  13: 'error',
  16: 'waiting',
  17: 'counting',
  23: 'short',
  24: 'suspicious',
  30: 'error',
}
/** A status that is not known is a machine at work. */
export const statusOf = (code: number): StatusMeaning => statuses[code] ?? 'busy'

const levels: Readonly<Record<number, Level>> = {
  0: 'empty',
  1: 'near_empty',
  2: 'normal',
  3: 'near_full',
  4: 'full',
  20: 'absent',
  21: 'absent',
  22: 'absent',
}
export const levelOf = (code: number | undefined): Level =>
  code === undefined ? 'unknown' : (levels[code] ?? 'unknown')

/** What only a person with a key takes out: boxes C1 to C4B, upper boxes, the overflow and the capture bin. */
export const isCashBox = (unitNo: number): boolean =>
  (unitNo >= 4056 && unitNo <= 4060) ||
  unitNo === 4069 ||
  unitNo === 4084 ||
  (unitNo >= 4108 && unitNo <= 4117)

/** A device's error as its manual writes it: four hexadecimal digits (1281 is `0501`). */
export const errorText = (code: number): string => code.toString(16).toUpperCase().padStart(4, '0')
