import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'

/** How a denomination is drawn, so that it is recognised before it is read. */
export type DenominationLook = {
  readonly kind: 'note' | 'coin'
  /** A CSS colour on which white figures have a contrast of 4.5 and more. */
  readonly colour: string
  /** A rim of another metal: Thailand's 10 baht, the euro's 1 and 2, Britain's 1 and 2 pounds. */
  readonly rim: 'none' | 'gold'
}

type Row = readonly [face: number, kind: 'note' | 'coin', colour: string, rim?: 'gold']

// The main colour of each note in circulation, and the metal of each coin; the central banks'
// published designs. A face that is missing is drawn as a grey note.
const tables: Readonly<Record<string, readonly Row[]>> = {
  THB: [
    [100_000, 'note', 'brown'],
    [50_000, 'note', 'violet'],
    [10_000, 'note', 'red'],
    [5_000, 'note', 'blue'],
    [2_000, 'note', 'green'],
    [1_000, 'coin', 'coin', 'gold'],
    [500, 'coin', 'coin'],
    [200, 'coin', 'coin'],
    [100, 'coin', 'coin'],
    [50, 'coin', 'copper'],
    [25, 'coin', 'copper'],
  ],
  GBP: [
    [5_000, 'note', 'red'],
    [2_000, 'note', 'violet'],
    [1_000, 'note', 'orange'],
    [500, 'note', 'teal'],
    [200, 'coin', 'coin', 'gold'],
    [100, 'coin', 'coin', 'gold'],
    [50, 'coin', 'coin'],
    [20, 'coin', 'coin'],
    [10, 'coin', 'coin'],
    [5, 'coin', 'coin'],
    [2, 'coin', 'copper'],
    [1, 'coin', 'copper'],
  ],
  EUR: [
    [50_000, 'note', 'violet'],
    [20_000, 'note', 'olive'],
    [10_000, 'note', 'green'],
    [5_000, 'note', 'orange'],
    [2_000, 'note', 'blue'],
    [1_000, 'note', 'red'],
    [500, 'note', 'grey'],
    [200, 'coin', 'coin', 'gold'],
    [100, 'coin', 'coin', 'gold'],
    [50, 'coin', 'coin'],
    [20, 'coin', 'coin'],
    [10, 'coin', 'coin'],
    [5, 'coin', 'copper'],
    [2, 'coin', 'copper'],
    [1, 'coin', 'copper'],
  ],
  IDR: [
    [10_000_000, 'note', 'red'],
    [5_000_000, 'note', 'blue'],
    [2_000_000, 'note', 'green'],
    [1_000_000, 'note', 'violet'],
    [500_000, 'note', 'brown'],
    [200_000, 'note', 'grey'],
    [100_000, 'note', 'olive'],
    [50_000, 'coin', 'coin'],
    [20_000, 'coin', 'coin'],
    [10_000, 'coin', 'coin'],
  ],
  USD: [
    [10_000, 'note', 'green'],
    [5_000, 'note', 'green'],
    [2_000, 'note', 'green'],
    [1_000, 'note', 'green'],
    [500, 'note', 'green'],
    [100, 'note', 'green'],
    [25, 'coin', 'coin'],
    [10, 'coin', 'coin'],
    [5, 'coin', 'coin'],
    [1, 'coin', 'copper'],
  ],
}

/** The look of a face of a currency; a grey note where we do not know it. */
export function findLook(currency: Currency, face: Minor): DenominationLook {
  const row = tables[currency]?.find(([known]) => known === face)
  if (row === undefined) return { kind: 'note', colour: 'var(--note-grey)', rim: 'none' }
  const [, kind, colour, rim] = row
  return { kind, colour: colourOf(colour), rim: rim ?? 'none' }
}

function colourOf(name: string): string {
  if (name === 'coin') return 'var(--coin)'
  if (name === 'copper') return 'var(--coin-copper)'
  return `var(--note-${name})`
}
