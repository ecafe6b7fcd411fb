import { useQuery } from '@tanstack/react-query'
import type { ChangeSuggestion } from '@tillkeeper/client/api/safe-shapes.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { blankCount, setPieces } from '@tillkeeper/ui/denomination/count-state.ts'
import { DenominationChip } from '@tillkeeper/ui/denomination/denomination-chip.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import type { CashDraft } from '../cash/cash-entry.tsx'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { useTodayDate } from '../shell/use-scope.ts'

type Props = { readonly draft: CashDraft; readonly onDraft: (draft: CashDraft) => void }
type Suggestion = ChangeSuggestion['items'][number]
type Face = Suggestion['faces'][number]

/** What to order and why; taken with one press, and then changed as its orderer likes. */
export function SuggestedChange({ shopId, ...props }: Props & { readonly shopId: string }) {
  const t = useText()
  const { api } = useClients()
  const asked = useQuery(queries(api).changeSuggestion(shopId, useTodayDate()))
  return (
    <Answer asked={asked}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="m-0 text-small text-ink-soft">{t('order.suggest.none')}</p>
        ) : (
          <div className="flex flex-col gap-4">
            {items.map((suggestion) => (
              <OfCurrency key={suggestion.currency} suggestion={suggestion} {...props} />
            ))}
          </div>
        )
      }
    </Answer>
  )
}

function OfCurrency({
  suggestion: { currency, known, unsaidMinor, faces },
  draft,
  onDraft,
}: Props & { readonly suggestion: Suggestion }) {
  const t = useText()
  const [language] = useLanguage()
  const missing = faces.filter(({ pieces }) => pieces > 0)
  const take = () => {
    const before = draft.get(currency) ?? blankCount
    const count = missing.reduce(
      (all, { faceMinor, pieces }) => setPieces(all, minor(faceMinor), pieces),
      before,
    )
    onDraft(new Map(draft).set(currency, count))
  }
  return (
    <section
      aria-label={`${t('order.suggest')} · ${currency}`}
      className="rounded-md bg-sunken p-3"
    >
      <div className="flex items-start justify-between gap-4 text-small">
        <div>
          <h3 className="m-0 text-small font-semibold">
            {t('order.suggest')} · {currency}
          </h3>
          <p className="m-0 text-ink-soft">{t('order.suggest.how')}</p>
        </div>
        {missing.length > 0 && (
          <Button className="shrink-0 whitespace-nowrap" onClick={take}>
            {t('order.suggest.take')}
          </Button>
        )}
      </div>
      <div className="mt-2 overflow-x-auto">
        <table className="w-full border-collapse text-small">
          <thead>
            <tr className="text-ink-soft">
              <th scope="col" className="py-1 pr-3 text-left font-medium">
                <span className="max-sm:sr-only">{t('order.denomination')}</span>
              </th>
              {(['used', 'held', 'ordered', 'pieces'] as const).map((name) => (
                <th key={name} scope="col" className="py-1 pl-3 text-right font-medium">
                  {t(`order.suggest.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {faces.map((face) => (
              <FaceRow key={face.faceMinor} {...{ face, currency }} />
            ))}
          </tbody>
        </table>
      </div>
      {missing.length === 0 && <p className="m-0 mt-1 text-small">{t('order.suggest.enough')}</p>}
      {!known && <p className="m-0 mt-1 text-small text-warn">{t('order.suggest.unknown')}</p>}
      {unsaidMinor > 0 && (
        <p className="m-0 mt-1 text-small text-ink-soft">
          {t('order.suggest.unsaid', {
            amount: formatMoney(minor(unsaidMinor), { currency, language }),
          })}
        </p>
      )}
    </section>
  )
}

function FaceRow({
  face: { faceMinor, weeks, neededPieces, heldPieces, orderedPieces, rollPieces, pieces },
  currency,
}: {
  readonly face: Face
  readonly currency: Suggestion['currency']
}) {
  const t = useText()
  return (
    <tr className="border-t border-line">
      <td className="py-1 pr-3">
        <DenominationChip face={minor(faceMinor)} currency={currency} />
      </td>
      <td
        className="py-1 pl-3 text-right"
        title={t('order.suggest.weeks', { weeks: weeks.join(' · ') })}
      >
        {neededPieces}
      </td>
      <td className="py-1 pl-3 text-right">{heldPieces}</td>
      <td className="py-1 pl-3 text-right">{orderedPieces === 0 ? '–' : orderedPieces}</td>
      <td className="py-1 pl-3 text-right font-semibold">
        {pieces > 0 && rollPieces !== null && (
          <span className="font-normal whitespace-nowrap text-ink-soft max-sm:block">
            {pieces / rollPieces} × {rollPieces} ={' '}
          </span>
        )}
        {pieces === 0 ? '–' : pieces}
      </td>
    </tr>
  )
}
