import { useQuery } from '@tanstack/react-query'
import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { Printer } from 'lucide-react'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Paper } from '../sales/paper.tsx'
import { Answer } from '../shell/answer.tsx'

/** The X or Z report as it prints. A Z report exists once the session is closed. */
export function ReportPaper({ session }: { readonly session: Session }) {
  const t = useText()
  const [language] = useLanguage()
  const { api } = useClients()
  const isClosed = session.close !== null
  const [chosen, setChosen] = useState<'x' | 'z'>()
  const kind = chosen ?? (isClosed ? 'z' : 'x')
  const asked = useQuery(queries(api).report(session.id, kind, language))
  return (
    <aside
      aria-label={t('report.title')}
      className="border-t border-line px-5 py-4 lg:border-t-0 lg:border-l"
    >
      <div data-print="hide" className="mb-3 flex items-center justify-between gap-3">
        <h2 className="m-0 text-body font-semibold">
          {kind === 'x' ? t('report.x') : t('report.z')}
        </h2>
        <span className="flex gap-2">
          {isClosed && (
            <Button look="quiet" onClick={() => setChosen(kind === 'x' ? 'z' : 'x')}>
              {kind === 'x' ? t('report.z') : t('report.x')}
            </Button>
          )}
          <Button onClick={() => window.print()} icon={<Printer aria-hidden="true" size={16} />}>
            {t('print')}
          </Button>
        </span>
      </div>
      <Answer asked={asked}>{(text) => <Paper text={text} />}</Answer>
    </aside>
  )
}
