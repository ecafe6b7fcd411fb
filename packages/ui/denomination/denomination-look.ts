import { denominationsOf } from '@tillkeeper/core/money/denominations.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'

/** How a denomination is drawn, so that it is recognised before it is read. */
export type DenominationLook = {
  readonly kind: 'note' | 'coin'
  /** A CSS colour on which white figures have a contrast of 4.5 and more. */
  readonly colour: string
  /** A rim of another metal: Thailand's 10 baht, the euro's 1 and 2, Britain's 1 and 2 pounds. */
  readonly rim: 'none' | 'gold'
}

type Colours = Readonly<Record<number, string>>

// The main colour of each note in circulation, by the central banks' published designs. A note that
// is missing is drawn grey. Coins are grey; copper where the coin is.
const colours: Readonly<Record<string, Colours>> = {
  THB: {
    100000: 'note-brown',
    50000: 'note-violet',
    10000: 'note-red',
    5000: 'note-blue',
    2000: 'note-green',
    50: 'coin-copper',
    25: 'coin-copper',
  },
  GBP: {
    5000: 'note-red',
    2000: 'note-violet',
    1000: 'note-orange',
    500: 'note-teal',
    2: 'coin-copper',
    1: 'coin-copper',
  },
  EUR: {
    20000: 'note-olive',
    10000: 'note-green',
    5000: 'note-orange',
    2000: 'note-blue',
    1000: 'note-red',
    500: 'note-grey',
    5: 'coin-copper',
    2: 'coin-copper',
    1: 'coin-copper',
  },
  USD: {
    10000: 'note-green',
    5000: 'note-green',
    2000: 'note-green',
    1000: 'note-green',
    500: 'note-green',
    100: 'note-green',
    1: 'coin-copper',
  },
  JPY: {
    10000: 'note-brown',
    5000: 'note-violet',
    2000: 'note-green',
    1000: 'note-blue',
    10: 'coin-copper',
  },
  IDR: {
    10000000: 'note-red',
    5000000: 'note-blue',
    2000000: 'note-green',
    1000000: 'note-violet',
    500000: 'note-brown',
    200000: 'note-grey',
    100000: 'note-olive',
  },
  CNY: {
    10000: 'note-red',
    5000: 'note-green',
    2000: 'note-brown',
    1000: 'note-blue',
    500: 'note-violet',
    100: 'note-olive',
  },
  AUD: {
    10000: 'note-green',
    5000: 'note-olive',
    2000: 'note-red',
    1000: 'note-blue',
    500: 'note-violet',
  },
  RUB: {
    500000: 'note-red',
    200000: 'note-blue',
    100000: 'note-teal',
    50000: 'note-violet',
    20000: 'note-green',
    10000: 'note-brown',
    5000: 'note-blue',
  },
}

// Coins of two metals.
const rims: Readonly<Record<string, readonly number[]>> = {
  THB: [1_000],
  GBP: [200, 100],
  EUR: [200, 100],
  JPY: [500],
  RUB: [1_000],
}

/** The look of a face of a currency; a grey note where we have no table of it. */
export function findLook(currency: Currency, face: Minor): DenominationLook {
  const known = denominationsOf(currency).find(({ faceMinor }) => faceMinor === face)
  const kind = known?.kind ?? 'note'
  const colour = colours[currency]?.[face] ?? (kind === 'coin' ? 'coin' : 'note-grey')
  const rim = rims[currency]?.includes(face) === true ? 'gold' : 'none'
  return { kind, colour: `var(--${colour})`, rim }
}
