import type { ActsTold, SessionOfTill } from '@tillkeeper/client/api/session-shapes.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { decideCloseTill } from '@tillkeeper/core/till/close-till.ts'
import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'
import { makeDirectory } from '../catalogue/directory.ts'
import { emptyRegisters, takeEdit } from '../catalogue/registers.ts'
import { bookOf } from '../device/enrol-till.ts'
import { foldHandOvers, foldTold } from '../journal/fold-told.ts'

/**
 * A till's book and settings without its browser: what a store server tells goes through the code that a till runs,
 * and a session is closed as it closes it.
 */
export function toldTill(tillId: string, items: readonly SessionOfTill[]) {
  let book = bookOf(items, tillId)
  const registers = emptyRegisters()
  const read = (texts: readonly string[]): readonly KnownFact[] =>
    texts.flatMap((text) => {
      const fact = readFact(new TextEncoder().encode(text))
      return fact.kind === 'known' ? [fact.fact] : []
    })
  const takeEdits = (texts: readonly string[]) => {
    for (const fact of read(texts)) takeEdit(registers, fact)
  }
  return {
    book: () => book,
    rates: () => makeDirectory(registers).rates,
    takeEdits,
    hear: ({ acts, handedOver, edits }: ActsTold) => {
      book = foldHandOvers(foldTold(book, read(acts)), handedOver)
      takeEdits(edits)
    },
    close: (countedMinor: number) => {
      const { session } = book
      if (session === undefined) throw new Error('nothing is open')
      const { shopId, totals, staffId } = session
      const at = { shopId, tillId: session.tillId }
      const count = { countedMinor: minor(countedMinor), staffId }
      return decideCloseTill({ at, session, totals }, count)
    },
  }
}
