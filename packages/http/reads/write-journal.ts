import type { OrgId } from '@tillkeeper/core/base/id.ts'
import {
  csvHead,
  formatCsv,
  formatHledger,
  formatHledgerHead,
} from '@tillkeeper/core/cash/journal-text.ts'
import {
  currenciesOf,
  type JournalRange,
  readJournal,
  readJournalPlaces,
} from '@tillkeeper/projections/cash/journal-sql.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { findShop, listTills } from '@tillkeeper/projections/registers/shop-sql.ts'

export type JournalFormat = 'hledger' | 'csv'

/** A shop's cash as a file, a part at a time: whoever reads slowly keeps little of it in memory. */
export async function* writeJournal(
  db: Db,
  org: OrgId,
  { format, ...range }: JournalRange & { readonly format: JournalFormat },
): AsyncGenerator<string> {
  // Text in UTF-8 with a mark in front is what spreadsheets take for it.
  yield format === 'csv' ? `\uFEFF${csvHead}` : await headOf(db, org, range)
  const line = format === 'csv' ? formatCsv : formatHledger
  for await (const entries of readJournal(db, org, range)) yield entries.map(line).join('')
}

async function headOf(db: Db, org: OrgId, range: JournalRange): Promise<string> {
  const { shopId, from, to } = range
  const [shop, tills, places] = await Promise.all([
    findShop(db, org, shopId),
    listTills(db, org, { shops: 'all', shopId }),
    readJournalPlaces(db, org, range),
  ])
  const numbers = new Map(tills.map(({ id, number }) => [`drawer:${id}`, `till ${number}`]))
  const accounts = [...new Set(places.map(({ location }) => location))].map(
    (location) => [location, numbers.get(location) ?? location.split(':')[0] ?? ''] as const,
  )
  return formatHledgerHead({
    title: `Cash of ${shop?.name ?? shopId}, ${from} to ${to}`,
    from,
    currencies: currenciesOf(places),
    accounts: new Map(accounts),
    opening: places.filter(({ balanceMinor }) => balanceMinor !== 0),
  })
}
