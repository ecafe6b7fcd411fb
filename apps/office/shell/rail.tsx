import { Link } from '@tanstack/react-router'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { useEffect, useRef } from 'react'
import { useMay } from '../api/clients.tsx'
import { useText } from '../messages/use-text.ts'
import { type Page, pages } from './pages.ts'

/** The screens that the person may open: at the left, and at the foot of a phone. */
export function Rail() {
  const t = useText()
  const may = useMay()
  const offered = pages.filter(({ permission }) => permission === undefined || may(permission))
  return (
    <nav
      aria-label={t('shell.pages')}
      data-print="hide"
      className={joinClasses(
        'order-last flex shrink-0 overflow-x-auto border-t border-line bg-surface',
        'sm:order-first sm:w-14 sm:flex-col sm:gap-0.5 sm:border-t-0 sm:border-r sm:p-2 lg:w-48',
      )}
    >
      <span className="mb-2 hidden h-10 items-center gap-2.5 px-2 sm:flex">
        <Mark />
        <span className="hidden font-semibold tracking-[-0.01em] lg:inline">Tillkeeper</span>
      </span>
      {offered.map((page) => (
        <RailLink key={page.path} page={page} />
      ))}
    </nav>
  )
}

function RailLink({ page }: { readonly page: Page }) {
  return (
    <Link
      to={page.path}
      activeOptions={{ exact: page.path === '/', includeSearch: false }}
      className={joinClasses(
        'group flex min-w-18 shrink-0 flex-col items-center gap-0.5 px-1.5 py-1.5 text-ink-soft no-underline',
        'sm:h-10 sm:min-w-0 sm:px-2 sm:flex-row sm:justify-center sm:gap-3 sm:rounded-md lg:justify-start',
        'hover:bg-hover hover:text-ink aria-[current=page]:font-semibold aria-[current=page]:text-accent',
        'sm:aria-[current=page]:bg-accent-soft',
      )}
    >
      {({ isActive }) => <Face page={page} isActive={isActive} />}
    </Link>
  )
}

function Face({ page, isActive }: { readonly page: Page; readonly isActive: boolean }) {
  const t = useText()
  const name = useRef<HTMLSpanElement>(null)
  // A phone has no room for all pages: the one that is open comes into sight, the others by a swipe.
  useEffect(() => {
    if (isActive) name.current?.scrollIntoView({ inline: 'center', block: 'nearest' })
  }, [isActive])
  const Icon = page.icon
  return (
    <>
      <Icon aria-hidden="true" size={19} strokeWidth={1.75} className="shrink-0" />
      <span
        ref={name}
        className="text-[0.6875rem] whitespace-nowrap sm:sr-only lg:not-sr-only lg:text-body"
      >
        {t(page.name)}
      </span>
    </>
  )
}

function Mark() {
  return (
    <svg aria-hidden="true" viewBox="0 0 32 32" className="size-6 shrink-0">
      <rect width="32" height="32" rx="7" className="fill-accent" />
      <path d="M8 10h16v3H8zM8 15.5h16v3H8zM8 21h10v3H8z" className="fill-surface" />
    </svg>
  )
}
