import { receiptText } from '@tillkeeper/core/receipt/receipt-text.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { may } from '../app/node.ts'
import { useNode, useTill } from '../app/use-till.ts'
import { printText } from '../receipt/print.tsx'
import { ReceiptPaper } from '../receipt/receipt-paper.tsx'
import { PanelFrame } from '../sale/panel-frame.tsx'
import { useText } from '../words/use-text.ts'
import { viewSession } from './view-session.ts'

/**
 * The session so far. Its figures tell what the drawer should hold, so it is only for who may know that
 * before the count.
 */
export function ReportPanel({ onBack }: { readonly onBack: () => void }) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const session = useTill(({ book }) => book.session)
  if (session === undefined || !may(node, 'till.expected')) {
    return (
      <PanelFrame title={t('report.title')} onBack={onBack}>
        <p className="p-5 text-body">{t('report.hidden')}</p>
      </PanelFrame>
    )
  }
  const text = receiptText(viewSession(node, session, 'x'), { language })
  return (
    <PanelFrame
      title={t('report.title')}
      onBack={onBack}
      foot={
        <Button size="pay" onClick={() => printText(text)}>
          {t('report.print')}
        </Button>
      }
    >
      <div className="grid place-items-center p-5">
        <ReceiptPaper text={text} className="rounded-sm border border-line bg-surface px-5 py-4" />
      </div>
    </PanelFrame>
  )
}
