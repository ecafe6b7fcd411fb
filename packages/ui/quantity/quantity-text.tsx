import { useLanguage } from '../language/i18n.tsx'
import { formatCount, formatQuantity } from './format-quantity.ts'

/** A quantity, kept in thousandths: 1500 is drawn as 1.5. */
export function QuantityText({ thousandths }: { readonly thousandths: number }) {
  const [language] = useLanguage()
  return <span className="whitespace-nowrap">{formatQuantity(thousandths, language)}</span>
}

/** A whole number of things. */
export function CountText({ count }: { readonly count: number }) {
  const [language] = useLanguage()
  return <span className="whitespace-nowrap">{formatCount(count, language)}</span>
}
