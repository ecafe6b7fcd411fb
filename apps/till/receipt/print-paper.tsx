import { receiptText } from '@tillkeeper/core/receipt/receipt-text.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { getShop } from '../app/node.ts'
import { useKeys } from '../app/use-keys.ts'
import { useNode } from '../app/use-till.ts'
import { useText } from '../words/use-text.ts'
import { type TillDocument, viewDocument } from './document.ts'
import { printText } from './print.tsx'

/** Prints the paper of an act that was just done: the first print is the paper, later ones are copies. */
export function PrintPaper({ id }: { readonly id: string }) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const print = async () => {
    const found = (await node.db.get('document', id)) as TillDocument | undefined
    if (found !== undefined)
      printText(receiptText(viewDocument(found, getShop(node)), { language }))
  }
  useKeys((event) => {
    if (event.key !== 'F10') return false
    void print()
    return true
  })
  return (
    <Button size="pay" shortcut="F10" onClick={() => void print()}>
      {t('paid.print')}
    </Button>
  )
}
