import { formatMinor } from '../money/currency.ts'
import { minor } from '../money/money.ts'
import { ends, row, wrap } from './layout.ts'
import type { Writer } from './receipt-text.ts'
import type { MovementPaper, PaperKind } from './receipt-view.ts'
import type { ReceiptWords } from './words.ts'

/** What a movement's paper says: its amounts by piece, what for, and a line for each hand that signs. */
export function movementLines(paper: MovementPaper, writer: Writer): string[] {
  const { words, width, rule, time, language } = writer
  const by = paper.tillNumber === 0 ? words.office : `${words.till} ${paper.tillNumber}`
  return [
    ...ends(paper.receiptNumber ?? words.unnumbered, time(paper.occurredAt), width),
    ...wrap([by, paper.staffName].filter((text) => text !== '').join(' · '), width),
    rule,
    ...paper.parts.flatMap(({ type, currency, amountMinor, pieces }) => {
      const amount = (value: number) => formatMinor(minor(value), currency, language)
      return [
        ...row(`${movementName(paper, type, words)} ${currency}`, amount(amountMinor), width),
        ...(pieces ?? []).flatMap(({ faceMinor, pieces: each }) =>
          row(`  ${amount(faceMinor)} x ${each}`, amount(faceMinor * each), width),
        ),
      ]
    }),
    ...(paper.byMachine === true ? wrap(words.methods.machine, width) : []),
    ...said(words.category, paper.category, width),
    ...said(words.recipient, paper.recipient, width),
    ...said(words.note, paper.note, width),
    rule,
    ...[words.handedOutBy, words.takenBy].flatMap((name) => ['', signature(name, width)]),
  ]
}

/** What a part of a paper is called: the float of a drawer says where it came from. */
export function movementName(
  { byMachine }: MovementPaper,
  type: PaperKind,
  words: ReceiptWords,
): string {
  return byMachine === true && type === 'top_up' ? words.machineFloat : words.movements[type]
}

function said(name: string, text: string | null | undefined, width: number): string[] {
  return text ? wrap(`${name}: ${text}`, width) : []
}

/** A name, and a line to sign on up to the edge of the paper. */
function signature(name: string, width: number): string {
  const [line = ''] = row(name, '', width)
  const used = line.trimEnd()
  const [whole = used] = row(used, '.'.repeat(Math.max(8, width - 24)), width)
  return whole
}
