import type { Act, ActLine } from './act.ts'
import { namedId } from './act.ts'

/** One request of the replay: a sale, a refund of one of its sales, or a refund without a receipt. */
export type Posting = {
  readonly id: string
  readonly row: number
  readonly shop: number
  readonly till: number
  readonly day: string
  readonly occurredAt: string
  readonly customerNumber?: string
  readonly note?: string
  readonly ask:
    | { readonly kind: 'sale'; readonly lines: readonly ActLine[] }
    | {
        readonly kind: 'refund'
        readonly saleId: string
        /** The sale's lines, with what comes back of each. */
        readonly lines: readonly (ActLine & { readonly lineNo: number })[]
      }
    | { readonly kind: 'unlinked'; readonly lines: readonly ActLine[] }
}

/** What is left of a sold line, for the returns that follow. */
type SoldLine = {
  readonly saleId: string
  readonly shop: number
  readonly lineNo: number
  readonly unitMinor: number
  left: number
}

/**
 * Deals the acts out to shops and tills in turn, and finds for each returned line the latest sale to the
 * same customer of the same thing at the same price that still has as many. What has none (it was sold
 * before the file begins) is refunded without a receipt.
 */
export function planReplay(
  file: string,
  acts: readonly Act[],
  { shops, tills }: { readonly shops: number; readonly tills: number },
): readonly Posting[] {
  const sold = new Map<string, SoldLine[]>()
  return acts.flatMap((act, index): Posting[] => {
    const place = { shop: index % shops, till: Math.floor(index / shops) % tills }
    const common = {
      row: act.row,
      day: act.day,
      occurredAt: act.occurredAt,
      ...(act.customerNumber === undefined ? {} : { customerNumber: act.customerNumber }),
      ...(act.note === undefined ? {} : { note: act.note }),
    }
    if (act.kind === 'return') return planReturn(file, act, { ...common, ...place, sold })
    const id = namedId(file, 'sale', act.number)
    for (const [at, line] of act.lines.entries()) {
      const key = keyOf(act, line)
      const others = sold.get(key) ?? []
      sold.set(key, others)
      others.push({
        saleId: id,
        shop: place.shop,
        lineNo: at + 1,
        unitMinor: line.unitMinor,
        left: line.pieces,
      })
    }
    return [{ ...common, ...place, id, ask: { kind: 'sale', lines: act.lines } }]
  })
}

function planReturn(
  file: string,
  act: Act,
  { sold, ...common }: Omit<Posting, 'id' | 'ask'> & { readonly sold: Map<string, SoldLine[]> },
): Posting[] {
  const unlinked: ActLine[] = []
  const linked = new Map<string, { shop: number; lines: (ActLine & { lineNo: number })[] }>()
  for (const line of act.lines) {
    const from = sold
      .get(keyOf(act, line))
      ?.findLast(({ left, unitMinor }) => left >= line.pieces && unitMinor === line.unitMinor)
    // One line of a sale may come back once in a refund: a second time is a refund of its own.
    const taken =
      from && linked.get(from.saleId)?.lines.some(({ lineNo }) => lineNo === from.lineNo)
    if (from === undefined || taken === true) {
      unlinked.push(line)
      continue
    }
    from.left -= line.pieces
    const refund = linked.get(from.saleId) ?? { shop: from.shop, lines: [] }
    linked.set(from.saleId, refund)
    refund.lines.push({ ...line, lineNo: from.lineNo })
  }
  const postings: Posting[] = [...linked].map(([saleId, { shop, lines }]) => ({
    ...common,
    shop,
    id: namedId(file, 'refund', act.number, saleId),
    ask: { kind: 'refund', saleId, lines },
  }))
  if (unlinked.length > 0) {
    const id = namedId(file, 'unlinked', act.number)
    postings.push({ ...common, id, ask: { kind: 'unlinked', lines: unlinked } })
  }
  return postings
}

function keyOf({ customerNumber = '' }: Act, { code }: ActLine): string {
  return `${customerNumber}/${code}`
}
