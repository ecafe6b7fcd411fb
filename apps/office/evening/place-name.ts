import type { OfficeKey } from '../messages/en.ts'

const names: Readonly<Record<string, OfficeKey>> = {
  safe: 'evening.place.safe',
  customer: 'evening.place.customer',
  supplier: 'evening.place.supplier',
  bank: 'evening.place.bank',
}

/** Where cash of a variance was found to be, or whose it is. */
export function placeName(location: string): OfficeKey {
  return names[location.split(':')[0] ?? ''] ?? 'evening.place.other'
}
