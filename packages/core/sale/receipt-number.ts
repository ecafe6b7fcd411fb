import { assert } from '../base/assert.ts'
import type { Day } from '../base/instant.ts'

/** The last receipt of a till's day. */
export const receiptCounterMax = 9_999_999

/**
 * The series of what a shop's server numbers itself, where no till could: papers of the safe, and acts at a till
 * that counts its own numbers and may be out of touch.
 */
export const officeSeries = 0

/**
 * The number that people read: `RCP-YYMMDD-TTNNNN`, of the till's number in the shop (1 to 99, or 00 for the
 * shop's office), the day of business, and the till's gapless counter of that day, from 1. It grows longer
 * above 9,999.
 */
export function receiptNumber(tillNumber: number, businessDate: Day, counter: number): string {
  assert(tillNumber >= officeSeries && tillNumber <= 99, 'a till has a number of two digits')
  assert(
    Number.isSafeInteger(counter) && counter >= 1 && counter <= receiptCounterMax,
    'receipts are counted from 1, and no till writes a hundred a second all day',
  )
  const day = businessDate.slice(2).replaceAll('-', '')
  return `RCP-${day}-${pad(tillNumber, 2)}${pad(counter, 4)}`
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}

/** Whose counter a number was taken from: the till's, or the shop's where its office gave it. */
export function seriesOf<Id extends string>(
  receiptNumber: string,
  { shopId, tillId }: { readonly shopId: Id; readonly tillId?: Id | undefined },
): Id {
  return tillId === undefined || receiptNumber.slice(11, 13) === '00' ? shopId : tillId
}
