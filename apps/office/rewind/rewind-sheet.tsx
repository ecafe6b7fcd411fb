import { Link } from '@tanstack/react-router'
import type { Rewind } from '@tillkeeper/client/api/rewind-shapes.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { DenominationChips } from '@tillkeeper/ui/denomination/denomination-chip.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { QuantityText } from '@tillkeeper/ui/quantity/quantity-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { describeMovement } from '../evening/describe-evening.ts'
import { useText } from '../messages/use-text.ts'
import { Section } from '../shell/page-head.tsx'
import { useShopName, useTimeZone } from '../shell/use-scope.ts'
import { describeAct } from './describe-act.ts'

/** One instant of a drawer: the act with its basket, and the cash before and after. It prints as it stands. */
export function RewindSheet({ rewind }: { readonly rewind: Rewind }) {
  const t = useText()
  const { session, act, around } = rewind
  const zone = useTimeZone()(session.shopId)
  const shopName = useShopName()
  return (
    <div data-print="paper" className="w-full border-t border-line bg-surface">
      <header className="flex flex-wrap items-baseline gap-x-4 px-5 py-3">
        <h2 className="m-0 text-title font-semibold">{t(describeAct(act.kind))}</h2>
        <span className="text-body">
          <DateText instant={act.at} timeZone={zone} form="date-seconds" />
        </span>
        <span className="text-ink-soft">
          {shopName(session.shopId)} · {t('till.number', { number: session.tillNumber })} ·{' '}
          {session.staffName}
        </span>
        <StepText step={rewind.step} />
        <Link
          to="/tills/$sessionId"
          params={{ sessionId: session.id }}
          data-print="hide"
          className="ml-auto text-small"
        >
          {t('rewind.session')}
        </Link>
      </header>
      <div className="grid border-t border-line lg:grid-cols-[minmax(0,1fr)_minmax(0,1.6fr)]">
        <Basket rewind={rewind} />
        <div className="grid min-w-0 border-line border-t sm:grid-cols-2 lg:border-t-0 lg:border-l">
          <Side title={t('rewind.before')} cash={rewind.before} />
          <Side title={t('rewind.after')} cash={rewind.after} />
        </div>
      </div>
      <Section title={t('rewind.acts')}>
        <ol className="m-0 mb-3 list-none p-0 text-small">
          {around.map((each) => (
            <li
              key={each.id}
              aria-current={each.id === act.id ? 'step' : undefined}
              className="border-t border-line first:border-t-0 aria-[current=step]:bg-sunken aria-[current=step]:font-semibold"
            >
              <Link
                to="/rewind"
                search={(before) => ({ ...before, at: each.at, act: each.id })}
                replace
                className="flex gap-4 px-5 py-1.5 text-ink no-underline hover:bg-hover"
              >
                <DateText instant={each.at} timeZone={zone} form="seconds" />
                {t(describeAct(each.kind))}
              </Link>
            </li>
          ))}
        </ol>
      </Section>
    </div>
  )
}

/** Between whom, or which tills, a drawer went. */
function StepText({ step }: Pick<Rewind, 'step'>) {
  const t = useText()
  if (step === null) return null
  const { fromStaffName, toStaffName, fromTillNumber, toTillNumber } = step
  const till = (number: number) => t('till.number', { number })
  const text =
    toStaffName !== null
      ? `${fromStaffName} → ${toStaffName}`
      : fromTillNumber !== null && fromTillNumber !== toTillNumber
        ? `${till(fromTillNumber)} → ${till(toTillNumber)}`
        : fromStaffName
  return <span className="font-medium">{text}</span>
}

function Side({ title, cash }: { readonly title: string; readonly cash: Rewind['before'] }) {
  const t = useText()
  return (
    <div className="min-w-0 border-line px-5 py-3 not-first:border-t sm:not-first:border-t-0 sm:not-first:border-l">
      <h3 className="m-0 text-small font-semibold text-ink-soft">{title}</h3>
      {cash.length === 0 && <p className="m-0 text-ink-faint">–</p>}
      {cash.map(({ currency, balanceMinor, pieces, unknownMinor }) => (
        <div key={currency} className="py-1">
          <span className="block text-title leading-snug">
            <MoneyText amount={minor(balanceMinor)} currency={currency} />
          </span>
          <DenominationChips pieces={pieces} currency={currency} className="my-1 text-small" />
          {unknownMinor !== 0 && (
            <span className="block text-small text-ink-soft">
              {t(unknownMinor > 0 ? 'rewind.unknownPart' : 'rewind.unknownOut')}{' '}
              <MoneyText amount={minor(Math.abs(unknownMinor))} currency={currency} />
            </span>
          )}
        </div>
      ))}
    </div>
  )
}

function Basket({ rewind }: { readonly rewind: Rewind }) {
  const t = useText()
  const { basket, movements, act } = rewind
  return (
    <div className="min-w-0 px-5 py-3 text-small">
      <h3 className="m-0 mb-1 font-semibold text-ink-soft">
        {t('rewind.basket')}
        {basket !== null && (
          <>
            {' · '}
            {act.kind === 'sale' ? (
              <Link to="/sales/$saleId" params={{ saleId: act.id }}>
                {basket.receiptNumber}
              </Link>
            ) : (
              basket.receiptNumber
            )}
          </>
        )}
      </h3>
      {basket === null ? (
        <p className="m-0 text-ink-faint">{t('rewind.noBasket')}</p>
      ) : (
        <table aria-label={t('rewind.basket')} className="w-full border-collapse">
          <tbody>
            {basket.lines.map(({ lineNo, name, quantity, totalMinor }) => (
              <tr key={lineNo} className="border-t border-line align-top first:border-t-0">
                <td className="w-10 py-1 text-right text-ink-soft">
                  <QuantityText thousandths={quantity} />
                </td>
                <th scope="row" className="px-2 py-1 text-left font-normal">
                  {name}
                </th>
                <td className="py-1 text-right">
                  <MoneyText amount={totalMinor} currency={basket.currency} unit="hide" />
                </td>
              </tr>
            ))}
            <tr className="border-t border-line-strong font-semibold">
              <td />
              <th scope="row" className="px-2 py-1 text-left">
                {basket.staffName}
              </th>
              <td className="py-1 text-right">
                <MoneyText amount={basket.totalMinor} currency={basket.currency} />
              </td>
            </tr>
          </tbody>
        </table>
      )}
      {movements.length > 0 && (
        <>
          <h3 className="m-0 mt-3 mb-1 font-semibold text-ink-soft">{t('rewind.moved')}</h3>
          <ul className="m-0 list-none p-0">
            {movements.map((moved) => (
              <li key={moved.id} className="flex flex-wrap gap-x-3">
                <MoneyText
                  amount={minor(moved.into ? moved.amountMinor : -moved.amountMinor)}
                  currency={moved.currency}
                  sign="always"
                />
                {t(describeMovement(moved.type))}
                <span className="text-ink-soft">
                  {[moved.staffName, moved.category, moved.recipient, moved.note]
                    .filter((text) => text !== null && text !== '')
                    .join(' · ')}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
