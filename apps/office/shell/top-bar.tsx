import { Button, IconButton } from '@tillkeeper/ui/button/button.tsx'
import { SelectField } from '@tillkeeper/ui/form/field.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { isLanguage, languageNames, languages } from '@tillkeeper/ui/language/language.ts'
import { Menu } from '@tillkeeper/ui/menu/menu.tsx'
import { CircleUserRound, LogOut, Search } from 'lucide-react'
import { useClients, useEmployee } from '../api/clients.tsx'
import { useText } from '../messages/use-text.ts'
import { DayPicker } from './day-picker.tsx'
import { LinkState } from './link-state.tsx'
import { useScope, useShops } from './use-scope.ts'

/** What is looked at, and by whom. */
export function TopBar({ onSearch }: { readonly onSearch: () => void }) {
  const t = useText()
  return (
    <header
      data-print="hide"
      className="flex shrink-0 flex-wrap items-center gap-1 border-b border-line bg-surface px-3 py-2 sm:flex-nowrap sm:gap-2 sm:px-5"
    >
      <ShopSwitcher />
      <DayPicker />
      <span className="hidden flex-1 sm:block" />
      <Button
        onClick={onSearch}
        aria-keyshortcuts="Control+K"
        className="hidden! w-44 justify-start! border-line! font-normal! text-ink-soft! lg:inline-flex!"
        icon={<Search aria-hidden="true" size={16} />}
      >
        <span className="flex-1 text-left text-small">{t('search.open')}</span>
        <span aria-hidden="true" className="text-[0.75rem] text-ink-faint">
          Ctrl K
        </span>
      </Button>
      <IconButton label={t('search.open')} onClick={onSearch} className="lg:hidden!">
        <Search aria-hidden="true" size={18} />
      </IconButton>
      <LinkState />
      {/* On a phone the language is chosen in the settings. */}
      <span className="hidden sm:block">
        <LanguageSwitcher />
      </span>
      <PersonMenu />
    </header>
  )
}

function ShopSwitcher() {
  const t = useText()
  const shops = useShops()
  const { shop, change } = useScope()
  const only = shops[0]
  if (shops.length === 1 && only !== undefined) {
    return (
      <span className="min-w-0 flex-1 truncate px-1 font-semibold sm:max-w-64 sm:flex-none">
        {only.name}
      </span>
    )
  }
  return (
    <div className="min-w-0 flex-1 sm:w-52 sm:flex-none">
      <SelectField
        label={t('shop.choose')}
        labelled="hide"
        value={shop ?? ''}
        onChange={(event) => change({ shop: event.target.value || undefined })}
        choices={[
          { value: '', label: t('shop.all') },
          ...shops.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        className="border-line! font-semibold"
      />
    </div>
  )
}

/** Each language by its own name, so that who reads only one finds it. */
export function LanguageSwitcher() {
  const t = useText()
  const [language, change] = useLanguage()
  return (
    <div className="w-auto">
      <SelectField
        label={t('language.choose')}
        labelled="hide"
        value={language}
        onChange={(event) => isLanguage(event.target.value) && change(event.target.value)}
        choices={languages.map((value) => ({ value, label: languageNames[value] }))}
        className="border-transparent! bg-transparent! text-small! hover:bg-hover"
      />
    </div>
  )
}

function PersonMenu() {
  const t = useText()
  const { login } = useClients()
  const employee = useEmployee()
  return (
    <Menu
      label={t('person.menu', { name: employee.name })}
      head={
        <>
          <div className="font-semibold">{employee.name}</div>
          <div className="text-ink-soft">
            {t('person.number', { number: employee.number })} · {employee.roles.join(', ')}
          </div>
        </>
      }
      actions={[
        {
          name: t('person.leave'),
          icon: <LogOut aria-hidden="true" size={16} />,
          onChoose: () => void login.leave(),
        },
      ]}
    >
      <CircleUserRound aria-hidden="true" size={18} />
      <span className="hidden xl:inline">{employee.name}</span>
    </Menu>
  )
}
