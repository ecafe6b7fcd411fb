import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { refusalKey, useText } from './use-text.ts'

/** Why cash was not moved, as it came out of a decision. */
export type CashRefusal = { readonly code: string; readonly faceMinor?: Minor }

/** Words for a refusal about cash; the note that is not there is named. */
export function useRefusal(currency: Currency): (refusal: CashRefusal) => string {
  const t = useText()
  const [language] = useLanguage()
  return ({ code, faceMinor }) =>
    code === 'not_in_drawer' && faceMinor !== undefined
      ? t('refusal.not_in_drawer_face', { face: formatMoney(faceMinor, { currency, language }) })
      : t(refusalKey(code), { code })
}
