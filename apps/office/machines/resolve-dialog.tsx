import type {
  AttemptDetail,
  LiveRecycler,
  RecyclerView,
} from '@tillkeeper/client/api/recycler-shapes.ts'
import { denominationsOf, type Pieces } from '@tillkeeper/core/money/denominations.ts'
import { type Minor, minor } from '@tillkeeper/core/money/money.ts'
import {
  blankCount,
  type CashCount,
  listPieces,
  readPieces,
  setPieces,
  totalOf,
} from '@tillkeeper/ui/denomination/count-state.ts'
import { DenominationChip } from '@tillkeeper/ui/denomination/denomination-chip.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatFace } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { CashText } from '../cash/cash-text.tsx'
import { useText } from '../messages/use-text.ts'
import { ReasonDialog } from '../shell/reason-dialog.tsx'
import { VerifyButton } from './count-dialog.tsx'
import { describeMachineRefusal } from './describe-machine.ts'
import { keptBy, type Moved, proposeEnd } from './propose-end.ts'
import type { Stock } from './stock-picture.ts'
import { WorkText } from './work-text.tsx'

type Props = {
  readonly machine: RecyclerView
  readonly live: LiveRecycler | undefined
  readonly attempt: AttemptDetail
  readonly onClose: () => void
}

/** A person says what an attempt moved whose end nobody knew, with the evidence beside it. */
export function ResolveDialog({ machine, live, attempt, onClose }: Props) {
  const t = useText()
  const { api } = useClients()
  // What lies in it now tells of this attempt only if nothing was done since.
  const isLast = live?.attempt?.attemptId === attempt.attemptId
  const now = isLast && live.at === 'idle' ? (live.stock ?? undefined) : undefined
  const [proposal] = useState(() => proposeEnd(attempt, now))
  const [taken, setTaken] = useState(() => countOf(proposal.in))
  const [given, setGiven] = useState(() => countOf(proposal.out))
  const [withCount, setWithCount] = useState(false)
  const moved: Moved = { in: listPieces(taken), out: listPieces(given) }
  const stock = live?.at === 'idle' || live?.at === 'stopped' ? live.stock : null
  return (
    <ReasonDialog
      size="large"
      title={t('machine.resolve')}
      label={t('machine.reason')}
      confirm={t('machine.resolve.keep')}
      done={t('machine.resolve.kept')}
      isComplete={!withCount || stock !== null}
      act={({ id, reason }) =>
        api.resolveMachine(machine.id, {
          ...{ id, reason },
          attempt: { attemptId: attempt.attemptId, ...moved },
          ...(withCount && stock !== null && { counted: stock }),
        })
      }
      describe={describeMachineRefusal}
      onClose={onClose}
    >
      <Said attempt={attempt} />
      <p data-proposal={proposal.from} className="m-0 rounded-md bg-sunken px-3 py-2 text-small">
        {t(`machine.proposal.${proposal.from}`)}
      </p>
      <MovedTable {...{ attempt, now, taken, given }} onTaken={setTaken} onGiven={setGiven} />
      <Consequence attempt={attempt} moved={moved} />
      {live !== undefined && live.at !== 'offline' && (
        <div className="flex flex-col gap-3 border-t border-line pt-3">
          <label className="flex items-start gap-3 text-body">
            <input
              type="checkbox"
              className="mt-1 size-5 accent-(--accent)"
              checked={withCount}
              onChange={({ target }) => setWithCount(target.checked)}
            />
            <span>
              {t('machine.resolve.withCount')}
              <span className="block text-small text-ink-soft">
                {t('machine.resolve.withCount.hint')}
              </span>
            </span>
          </label>
          {withCount && live.capabilities?.verify === true && (
            <span className="flex flex-wrap items-center gap-3">
              <VerifyButton machine={machine} live={live} />
            </span>
          )}
        </div>
      )}
    </ReasonDialog>
  )
}

const countOf = (pieces: Pieces): CashCount =>
  pieces.reduce((count, face) => setPieces(count, face.faceMinor, face.pieces), blankCount)

/** What was asked, and what the machine said of it. */
function Said({ attempt }: { readonly attempt: AttemptDetail }) {
  const t = useText()
  const { currency, work, code } = attempt
  const nothing = <span className="text-ink-faint">{t('machine.said.nothing')}</span>
  const rows = [
    ['machine.said.in', attempt.in],
    ['machine.said.out', attempt.out],
  ] as const
  return (
    <dl className="m-0 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-small">
      <dt className="text-ink-soft">{t('machine.asked')}</dt>
      <dd className="m-0 font-medium">
        <WorkText work={work} currency={currency} />
      </dd>
      {rows.map(([name, cash]) => (
        <div key={name} className="contents">
          <dt className="text-ink-soft">{t(name)}</dt>
          <dd className="m-0">
            {cash === null || cash.minor === 0 ? nothing : <CashText cash={[cash]} />}
          </dd>
        </div>
      ))}
      {code !== null && (
        <>
          <dt className="text-ink-soft">{t('machine.code')}</dt>
          <dd className="m-0 font-mono text-[0.9em]">{code}</dd>
        </>
      )}
    </dl>
  )
}

/** A face a row: what was held before and after, or is now, and what a person says went in and out. */
function MovedTable({
  attempt,
  now,
  taken,
  given,
  onTaken,
  onGiven,
}: {
  readonly attempt: AttemptDetail
  /** What it holds this moment, where that tells of this attempt alone. */
  readonly now: Stock | undefined
  readonly taken: CashCount
  readonly given: CashCount
  readonly onTaken: (count: CashCount) => void
  readonly onGiven: (count: CashCount) => void
}) {
  const t = useText()
  const { currency } = attempt
  const faces = facesOf({ ...attempt, after: attempt.after ?? now ?? null })
  const head = 'px-2 py-1 text-right font-medium'
  return (
    <table aria-label={t('machine.moved')} className="w-full border-collapse text-small">
      <thead>
        <tr className="text-ink-soft">
          <th scope="col" className="py-1 pr-2 text-left font-medium">
            {t('ui.denomination')}
          </th>
          <th scope="col" className={head}>
            {t('machine.before')}
          </th>
          <th scope="col" className={head}>
            {t(attempt.after === null && now !== undefined ? 'machine.now' : 'machine.after')}
          </th>
          <th scope="col" className={`${head} pr-0`}>
            {t('machine.in')}
          </th>
          <th scope="col" className={`${head} pr-0`}>
            {t('machine.out')}
          </th>
        </tr>
      </thead>
      <tbody>
        {faces.map(({ faceMinor, before, after }) => (
          <tr key={faceMinor} className="border-t border-line">
            <th scope="row" className="py-0.5 pr-2 text-left">
              <DenominationChip face={faceMinor} currency={currency} />
            </th>
            <td className="px-2 py-0.5 text-right text-ink-soft">{before ?? '–'}</td>
            <td
              className={`px-2 py-0.5 text-right ${after === undefined || before === after ? 'text-ink-soft' : 'font-semibold'}`}
            >
              {after ?? '–'}
            </td>
            <PiecesCell {...{ currency, faceMinor }} name="in" count={taken} onCount={onTaken} />
            <PiecesCell {...{ currency, faceMinor }} name="out" count={given} onCount={onGiven} />
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr className="border-t-2 border-ink font-semibold">
          <th scope="row" colSpan={3} className="py-2 text-left">
            {t('machine.total')}
          </th>
          {[taken, given].map((count, index) => (
            <td key={index === 0 ? 'in' : 'out'} className="py-2 text-right">
              <MoneyText amount={totalOf(count)} currency={currency} unit="hide" />
            </td>
          ))}
        </tr>
      </tfoot>
    </table>
  )
}

function PiecesCell({
  name,
  currency,
  faceMinor,
  count,
  onCount,
}: {
  readonly name: 'in' | 'out'
  readonly currency: AttemptDetail['currency']
  readonly faceMinor: Minor
  readonly count: CashCount
  readonly onCount: (count: CashCount) => void
}) {
  const t = useText()
  const [language] = useLanguage()
  const face = formatFace(faceMinor, { currency, language })
  return (
    <td className="py-0.5 pl-2 text-right">
      <input
        inputMode="numeric"
        autoComplete="off"
        data-moved={name}
        data-face={faceMinor}
        aria-label={`${t(`machine.${name}`)}: ${t('ui.denomination.piecesOf', { face })}`}
        value={count.get(faceMinor) ?? ''}
        onFocus={(event) => event.currentTarget.select()}
        onChange={({ target }) => onCount(setPieces(count, faceMinor, readPieces(target.value)))}
        className="h-8 w-16 rounded-md border border-line-strong bg-surface px-2 text-right sm:w-20"
      />
    </td>
  )
}

/** All faces of the currency that may have moved, with what was held of each; undefined where nobody read it. */
function facesOf({ currency, before, after }: AttemptDetail) {
  const held = (stock: AttemptDetail['before'], face: number) =>
    stock
      ?.filter((line) => line.currency === currency && line.faceMinor === face)
      .reduce((all, { pieces }) => all + pieces, 0)
  const stocked = [...(before ?? []), ...(after ?? [])]
    .filter((line) => line.currency === currency)
    .map(({ faceMinor }) => faceMinor)
  const known = denominationsOf(currency).map(({ faceMinor }) => faceMinor)
  return [...new Set<number>(stocked.length > 0 ? stocked : known)]
    .sort((a, b) => b - a)
    .map((face) => ({
      ...{ faceMinor: minor(face), before: held(before, face), after: held(after, face) },
    }))
}

/** What is booked by that: what the machine kept or gave, and whether that is what was asked. */
function Consequence({
  attempt,
  moved,
}: {
  readonly attempt: AttemptDetail
  readonly moved: Moved
}) {
  const t = useText()
  const kept = keptBy(moved)
  const words =
    kept === 0 ? 'machine.kept.nothing' : kept > 0 ? 'machine.kept.in' : 'machine.kept.out'
  return (
    <p role="status" data-kept={kept} className="m-0 font-semibold">
      {t(words)}
      {kept !== 0 && (
        <>
          {' '}
          <MoneyText amount={kept} currency={attempt.currency} sign="never" />
        </>
      )}
    </p>
  )
}
