import type { Minor } from '@tillkeeper/core/money/money.ts'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatQuantity } from '@tillkeeper/ui/quantity/format-quantity.ts'
import { ArrowDownRight, ArrowUpRight, Minus } from 'lucide-react'
import { useText } from '../messages/use-text.ts'
import { changePermille } from './figures.ts'

/** The change of a figure in per cent, with a sign and an arrow; or that there is nothing before it. */
export function ChangeText({
  now,
  before,
  against,
}: {
  readonly now: Minor
  readonly before: Minor | undefined
  readonly against: string
}) {
  const t = useText()
  const [language] = useLanguage()
  const permille = before === undefined ? undefined : changePermille(now, before)
  if (permille === undefined) return <span>{t('today.change.none')}</span>
  const Arrow = permille > 0 ? ArrowUpRight : permille < 0 ? ArrowDownRight : Minus
  return (
    <span>
      <Arrow aria-hidden="true" size={14} className="inline align-[-0.15em] text-ink" />{' '}
      <span className="font-medium whitespace-nowrap text-ink">
        {permille > 0 && '+'}
        {formatQuantity(permille * 100, language)} %
      </span>{' '}
      {against}
    </span>
  )
}
