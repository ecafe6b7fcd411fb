import { minor } from '@tillkeeper/core/money/money.ts'
import { receiptText } from '@tillkeeper/core/receipt/receipt-text.ts'
import { receiptWords } from '@tillkeeper/core/receipt/words.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { EmptyState, SkeletonRows } from '@tillkeeper/ui/feedback/states.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { useEffect, useState } from 'react'
import { getShop } from '../app/node.ts'
import { useKeys } from '../app/use-keys.ts'
import { useNode, useTill } from '../app/use-till.ts'
import type { Shop } from '../catalogue/directory.ts'
import { listUnsent } from '../journal/list-unsent.ts'
import { PanelFrame } from '../sale/panel-frame.tsx'
import { useText } from '../words/use-text.ts'
import { listDocuments, type SaleDocument, type TillDocument, viewDocument } from './document.ts'
import { ReceiptPaper } from './receipt-paper.tsx'
import { printCopy, printPaper } from './reprint.ts'
import { viewMovement } from './view-movement.ts'

/** Rows drawn at once: who looks for an older one types its number. */
const shownMax = 200

/** The session's receipts, the latest first. */
export function HistoryPanel({
  onOpen,
  onBack,
}: {
  readonly onOpen: (document: TillDocument) => void
  readonly onBack: () => void
}) {
  const t = useText()
  const node = useNode()
  const sessionId = useTill(({ book }) => book.session?.id)
  const documents = useRead(() => listDocuments(node.db, sessionId ?? ''), sessionId)
  const sent = useTill((state) => state.sent.unsent)
  const unsent = useRead(() => listUnsent(node), sent)
  const [typed, setTyped] = useState('')
  const ids = new Set(unsent?.map(({ id }) => id))
  const found = documents?.filter(({ receiptNumber }) =>
    receiptNumber.includes(typed.trim().toUpperCase()),
  )
  return (
    <PanelFrame title={t('history.title')} onBack={onBack}>
      {found === undefined ? (
        <SkeletonRows />
      ) : documents?.length === 0 ? (
        <EmptyState title={t('history.empty')}>{t('history.emptyNext')}</EmptyState>
      ) : (
        <>
          <div className="px-4 py-3">
            <Field
              size="touch"
              label={t('history.search')}
              labelled="hide"
              placeholder={t('history.search')}
              value={typed}
              inputMode="numeric"
              data-scan="take"
              onChange={(event) => setTyped(event.target.value)}
            />
          </div>
          <ul className="m-0 list-none border-t border-line p-0">
            {found.slice(0, shownMax).map((document) => (
              <Row
                key={document.id}
                document={document}
                unsent={ids.has(document.id)}
                onOpen={() => onOpen(document)}
              />
            ))}
          </ul>
        </>
      )}
    </PanelFrame>
  )
}

function Row({
  document,
  unsent,
  onOpen,
}: {
  readonly document: TillDocument
  readonly unsent: boolean
  readonly onOpen: () => void
}) {
  const t = useText()
  const [language] = useLanguage()
  const shop = getShop(useNode())
  const { timeZone } = shop
  const { kind } = document
  const { amountMinor, currency, type } = amountOf(document, shop)
  return (
    <li className="border-b border-line">
      <button
        type="button"
        onClick={onOpen}
        data-receipt={document.receiptNumber}
        className="flex min-h-14 w-full items-center gap-4 px-4 text-left text-small hover:bg-hover"
      >
        <span className="w-14 text-ink-soft">
          <DateText instant={document.occurredAt} timeZone={timeZone} form="time" />
        </span>
        <span className="flex-1 font-medium">
          {document.receiptNumber}
          {kind === 'refund' && (
            <span className="pl-2 font-normal text-danger">
              {t(document.voids === true ? 'history.kind.void' : 'history.kind.refund')}
            </span>
          )}
          {type !== undefined && (
            <span className="pl-2 font-normal text-ink-soft">
              {receiptWords[language].movements[type]}
            </span>
          )}
          {unsent && <span className="pl-2 font-normal text-warn">{t('history.unsent')}</span>}
        </span>
        <span className="max-w-32 truncate text-ink-soft">{document.staffName}</span>
        <span className="w-28 text-right font-semibold">
          <MoneyText amount={amountMinor} currency={currency} unit="hide" />
        </span>
      </button>
    </li>
  )
}

/** What a row says of its paper: of a movement the first of its amounts, which says what it is of. */
function amountOf(document: TillDocument, shop: Shop) {
  if (document.kind === 'movement') {
    const [first] = viewMovement(document, shop).parts
    return {
      amountMinor: first?.amountMinor ?? minor(0),
      currency: first?.currency ?? shop.currency,
      type: first?.type,
    }
  }
  const { totalMinor, currency } = document.body
  return {
    amountMinor: document.kind === 'refund' ? minor(-totalMinor) : totalMinor,
    ...{ currency, type: undefined },
  }
}

/** One receipt, to look at and to print again as a copy; that of an act just done is printed as itself first. */
export function ReceiptPanel({
  document,
  fresh,
  onRefund,
  onVoid,
  onBack,
}: {
  readonly document: TillDocument
  /** It was written just now, and nobody has printed it. */
  readonly fresh: boolean
  /** Of a sale of the open session. */
  readonly onVoid: ((sale: SaleDocument) => void) | undefined
  readonly onRefund: ((receiptNumber: string) => void) | undefined
  readonly onBack: () => void
}) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const view = viewDocument(document, getShop(node))
  const [first, setFirst] = useState(fresh)
  const text = receiptText(view, { language, copy: !first })
  const [failed, setFailed] = useState(false)
  const print = async () => {
    const made = first
      ? await printPaper(node, document, { language })
      : await printCopy(node, document, language)
    setFirst(false)
    setFailed(!made.ok)
  }
  useKeys((event) => {
    if (event.key !== 'F10') return false
    void print()
    return true
  })
  return (
    <PanelFrame
      title={document.receiptNumber}
      onBack={onBack}
      foot={
        <>
          {document.kind === 'sale' && onRefund !== undefined && (
            <Button size="pay" onClick={() => onRefund(document.receiptNumber)}>
              {t('history.refund')}
            </Button>
          )}
          {document.kind === 'sale' && onVoid !== undefined && (
            <Button size="pay" onClick={() => onVoid(document)}>
              {t('void.action')}
            </Button>
          )}
          <Button
            size="pay"
            look={first ? 'primary' : 'plain'}
            shortcut="F10"
            onClick={() => void print()}
          >
            {t(first ? 'paid.print' : 'paid.reprint')}
          </Button>
        </>
      }
    >
      <div className="grid place-items-center p-5">
        <p role="alert" className="m-0 text-small text-danger empty:hidden">
          {failed && t('copy.notSaved')}
        </p>
        <ReceiptPaper text={text} className="rounded-sm border border-line bg-surface px-5 py-4" />
      </div>
    </PanelFrame>
  )
}

/** Reads from the till's database, again when `on` changes; `undefined` until it was read. */
function useRead<T>(read: () => Promise<readonly T[]>, on: unknown): readonly T[] | undefined {
  const [rows, setRows] = useState<readonly T[] | undefined>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` is new at each drawing; `on` says when.
  useEffect(() => {
    let current = true
    read().then(
      (next) => current && setRows(next),
      () => current && setRows([]),
    )
    return () => {
      current = false
    }
  }, [on])
  return rows
}
