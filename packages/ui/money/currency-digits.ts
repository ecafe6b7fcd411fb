import type { Currency } from '@tillkeeper/core/money/money.ts'

// ISO 4217, table A.1. `Intl` is not asked: it says 0 digits for IDR, where ISO says 2.
const digits: Readonly<Record<string, number>> = {
  JPY: 0,
  KRW: 0,
  VND: 0,
}

/** How many decimals a currency's smallest unit has. */
export function currencyDigits(currency: Currency): number {
  return digits[currency] ?? 2
}
