import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { createColumnHelper } from '@tanstack/react-table'
import type { Employee } from '@tillkeeper/client/api/shapes.ts'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { StatusDot } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { isLanguage, languageNames } from '@tillkeeper/ui/language/language.ts'
import { Users } from 'lucide-react'
import { useMemo } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { type OfficeText, useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { useScope, useShopName, useShops } from '../shell/use-scope.ts'
import { type Columns, DataTable } from '../table/data-table.tsx'
import type { features } from '../table/table-features.ts'

const helper = createColumnHelper<typeof features, Employee>()

/** Who works here, in which shops and roles. A row opens the person's sales of the day. */
export function PeopleScreen() {
  const t = useText()
  const navigate = useNavigate()
  const [language] = useLanguage()
  const { api } = useClients()
  const { shop } = useScope()
  const shops = useShops()
  const shopName = useShopName()
  const asked = useQuery(queries(api).employees())
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the language, the names with the shops.
  const columns = useMemo(() => peopleColumns(t, shopName), [language, shops])
  return (
    <>
      <PageHead title={t('page.people')} note={t('people.note')} />
      <div className="flex min-h-64 flex-1 flex-col border-t border-line bg-surface">
        <Answer asked={asked}>
          {(people) => {
            const rows = people.filter(
              // A person without shops works in all of them.
              ({ shops }) => shop === undefined || shops.length === 0 || shops.includes(shop),
            )
            return rows.length === 0 ? (
              <EmptyState icon={<Users aria-hidden="true" size={32} />} title={t('people.none')}>
                {t('people.none.next')}
              </EmptyState>
            ) : (
              <DataTable
                label={t('page.people')}
                columns={columns}
                rows={rows}
                rowKey={({ id }) => id}
                initialSort={[{ id: 'name', desc: false }]}
                onOpen={({ id }) => void navigate({ to: '/sales', search: { staff: id } })}
              />
            )
          }}
        </Answer>
      </div>
    </>
  )
}

function peopleColumns(t: OfficeText, shopName: (id: string) => string): Columns<Employee> {
  return helper.columns([
    helper.accessor('name', { header: t('people.name'), sortFn: 'text' }),
    helper.accessor('number', { header: t('people.number'), sortFn: 'alphanumeric' }),
    helper.accessor(({ roles }) => roles.join(', '), {
      id: 'roles',
      header: t('people.roles'),
      sortFn: 'text',
    }),
    helper.accessor(
      ({ shops }) => (shops.length === 0 ? t('shop.all') : shops.map(shopName).join(', ')),
      { id: 'shops', header: t('people.shops'), sortFn: 'text', meta: { from: 'tablet' } },
    ),
    helper.accessor(({ language }) => (isLanguage(language) ? languageNames[language] : language), {
      id: 'language',
      header: t('people.language'),
      sortFn: 'text',
      meta: { from: 'desktop' },
    }),
    helper.accessor('active', {
      header: t('people.state'),
      sortFn: 'basic',
      meta: { from: 'tablet' },
      cell: ({ row }) =>
        row.original.active ? (
          <StatusDot tone="good" text={t('people.active')} />
        ) : (
          <StatusDot tone="idle" text={t('people.inactive')} />
        ),
    }),
  ])
}
