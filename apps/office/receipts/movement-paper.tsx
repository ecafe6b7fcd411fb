import { useQuery } from '@tanstack/react-query'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Sheet } from '@tillkeeper/ui/dialog/dialog.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { Printer } from 'lucide-react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { Photo } from '../expense/expense-dialog.tsx'
import { useText } from '../messages/use-text.ts'
import { Paper } from '../sales/paper.tsx'
import { Answer } from '../shell/answer.tsx'
import { useIsShop } from '../shell/use-is-shop.ts'

/** The paper of cash that moved by hand, beside its movement, with the photos of what it was for. */
export function MovementPaper({
  id,
  title,
  onClose,
}: {
  /** Of the movement's fact. */
  readonly id: string
  readonly title: string
  readonly onClose: () => void
}) {
  const t = useText()
  const [language] = useLanguage()
  const { api } = useClients()
  const isShop = useIsShop()
  const asked = useQuery(queries(api).paper(id, language))
  // As for receipts: in a shop each copy is written down, and no server keeps anybody from the paper.
  const print = () => {
    if (isShop) void api.noteReprint(id).catch(() => undefined)
    window.print()
  }
  return (
    <Sheet
      open
      onClose={onClose}
      title={title}
      actions={
        <Button onClick={print} icon={<Printer aria-hidden="true" size={16} />}>
          {t('print')}
        </Button>
      }
    >
      <Answer asked={asked}>
        {({ text, photoIds }) => (
          <div className="flex flex-col gap-4">
            <Paper text={text} />
            {photoIds.map((photoId) => (
              <Photo key={photoId} id={photoId} />
            ))}
          </div>
        )}
      </Answer>
    </Sheet>
  )
}
