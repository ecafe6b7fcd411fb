import type { Sale } from '@tillkeeper/client/api/shapes.ts'
import type { OfficeKey } from './en.ts'
import type { OfficeText } from './use-text.ts'

type Method = Sale['tenders'][number]['method']

const names: Readonly<Record<Method, OfficeKey>> = {
  cash: 'method.cash',
  card: 'method.card',
  bank_transfer: 'method.bankTransfer',
  promptpay: 'method.promptpay',
  machine: 'method.machine',
}

/** The word for a way of paying. */
export function methodName(t: OfficeText, method: Method): string {
  return t(names[method])
}
