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
      <PageHead title={t('attention.title')} note={t('attention.note')} />
      <ParkedList />
      <IncidentList />
      {may('report.read') && <ExceptionList />}
    </>
  )
}
