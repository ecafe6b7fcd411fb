import { Outlet } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { Rail } from './rail.tsx'
import { SearchDialog } from './search-dialog.tsx'
import { TopBar } from './top-bar.tsx'

/** The frame around every screen. While it stands, the office hears what happens. */
export function Shell() {
  const { live } = useClients()
  const [searching, setSearching] = useState(false)
  useEffect(() => live.start(), [live])
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      setSearching(true)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
  return (
    <div className="flex h-dvh flex-col sm:flex-row print:h-auto print:block">
      <Rail />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <TopBar onSearch={() => setSearching(true)} />
        <main className="flex min-h-0 flex-1 flex-col overflow-y-auto">
          <Outlet />
        </main>
      </div>
      {searching && <SearchDialog onClose={() => setSearching(false)} />}
    </div>
  )
}
