import type { AttemptRecord } from '@tillkeeper/client/api/recycler-shapes.ts'
import { sumPieces } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { toPieces } from '../cash/cash-text.tsx'
import { useText } from '../messages/use-text.ts'
import { describeWork } from './describe-machine.ts'

type Work = AttemptRecord['work']

/** What work asked for; undefined where it takes as much as comes. */
export function askedOf(work: Work): Minor | undefined {
  if (work.kind === 'pay_in' || work.kind === 'pay_out') return minor(work.amountMinor)
  return work.kind === 'collect' ? sumPieces(toPieces(work.pieces)) : undefined
}

/** What a machine was asked: `Pay in 80.00`, `Replenish from the cassette`. */
export function WorkText({
  work,
  currency,
  isCell = false,
}: {
  readonly work: Work
  readonly currency: Currency
  /** In a table, which leaves out by which way where it is narrow. */
  readonly isCell?: boolean
}) {
  const t = useText()
  const asked = askedOf(work)
  const way =
    work.kind === 'replenish'
      ? t(`machine.from.${work.from}`)
      : work.kind === 'collect'
        ? t(`machine.to.${work.to}`)
        : undefined
  return (
    <>
      {t(describeWork(work))}
      {way !== undefined && (
        <span className={isCell ? 'hidden @xl:inline' : undefined}> {way}</span>
      )}
      {asked !== undefined && (
        <>
          {' '}
          <MoneyText amount={asked} currency={currency} />
        </>
      )}
    </>
  )
}
