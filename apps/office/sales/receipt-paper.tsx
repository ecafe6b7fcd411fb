import { useQuery } from '@tanstack/react-query'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { Printer } from 'lucide-react'
import type { ReceiptOf } from '../api/api.ts'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { useIsShop } from '../shell/use-is-shop.ts'
import { Paper } from './paper.tsx'

/** The receipt as it prints, marked as a copy. */
export function ReceiptPaper({ of }: { readonly of: ReceiptOf }) {
  const t = useText()
  const [language] = useLanguage()
  const { api } = useClients()
  const isShop = useIsShop()
  const asked = useQuery(queries(api).receipt(of, language))
  // In a shop every copy is written down; a server that does not answer keeps nobody from the paper.
  const print = () => {
    if (isShop) void api.noteReprint(of.id).catch(() => undefined)
    window.print()
  }
  return (
    <aside
      aria-label={t('sale.receiptText')}
      className="border-t border-line px-5 py-4 lg:border-t-0 lg:border-l"
    >
      <div data-print="hide" className="mb-3 flex items-center justify-between gap-3">
        <h2 className="m-0 text-body font-semibold">{t('sale.receiptText')}</h2>
        <Button onClick={print} icon={<Printer aria-hidden="true" size={16} />}>
          {t('print')}
        </Button>
      </div>
      <Answer asked={asked}>{(text) => <Paper text={text} />}</Answer>
    </aside>
  )
}
