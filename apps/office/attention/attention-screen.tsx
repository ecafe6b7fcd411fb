import { Link } from '@tanstack/react-router'
import { useMay } from '../api/clients.tsx'
import { useText } from '../messages/use-text.ts'
import { PageHead } from '../shell/page-head.tsx'
import { ExceptionList } from './exception-list.tsx'
import { IncidentList } from './incident-list.tsx'
import { ParkedList } from './parked-list.tsx'

/** All that waits for a person: parked facts, incidents, exceptions; each with what to do next. */
export function AttentionScreen() {
  const t = useText()
  const may = useMay()
  return (
    <>
      <PageHead title={t('attention.title')} note={t('attention.note')}>
        {/* Also what a keyboard scrolls from, where all lists are empty. */}
        <Link
          to="/sync"
          className="text-ink underline decoration-line-strong/50 underline-offset-3"
        >
          {t('sync.shops')}
        </Link>
      </PageHead>
      <ParkedList />
      <IncidentList />
      {may('report.read') && <ExceptionList />}
    </>
  )
}
