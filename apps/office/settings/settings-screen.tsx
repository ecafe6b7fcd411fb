import { SelectField } from '@tillkeeper/ui/form/field.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { isLanguage, languageNames, languages } from '@tillkeeper/ui/language/language.ts'
import { applyTheme, isTheme, readTheme } from '@tillkeeper/ui/theme/theme.ts'
import { useState } from 'react'
import { useEmployee, useMay } from '../api/clients.tsx'
import { CategorySettings } from '../expense/category-settings.tsx'
import { useText } from '../messages/use-text.ts'
import { RatesSection } from '../rates/rates-section.tsx'
import { Facts, PageHead, Section } from '../shell/page-head.tsx'
import { useScope, useShops } from '../shell/use-scope.ts'
import { ShopCashForm } from './shop-cash-form.tsx'

/** What this screen is to be like, kept on this device; and who is logged in. */
export function SettingsScreen() {
  const t = useText()
  const [language, changeLanguage] = useLanguage()
  const [theme, setTheme] = useState(readTheme)
  const employee = useEmployee()
  const may = useMay()
  const { shop: chosen } = useScope()
  // A chain of hundreds would be a wall of forms: one shop at a time, unless there is one only.
  const all = useShops()
  const shops = all.filter(({ id }) => all.length === 1 || id === chosen)
  return (
    <>
      <PageHead title={t('page.settings')} note={t('settings.note')} />
      <div className="flex-1 bg-surface">
        <Section title={t('settings.screen')}>
          <div className="grid max-w-xl gap-4 px-5 pt-1 pb-5 sm:grid-cols-2">
            <SelectField
              label={t('language.choose')}
              value={language}
              onChange={(event) =>
                isLanguage(event.target.value) && changeLanguage(event.target.value)
              }
              choices={languages.map((value) => ({ value, label: languageNames[value] }))}
            />
            <SelectField
              label={t('settings.theme')}
              value={theme}
              onChange={(event) => {
                if (!isTheme(event.target.value)) return
                setTheme(event.target.value)
                applyTheme(event.target.value)
              }}
              choices={[
                { value: 'system', label: t('settings.theme.system') },
                { value: 'light', label: t('settings.theme.light') },
                { value: 'dark', label: t('settings.theme.dark') },
              ]}
            />
          </div>
        </Section>
        {employee.permissions.includes('expense.request') && <CategorySettings />}
        <RatesSection />
        {may('shop.settings') && shops.map((shop) => <ShopCashForm key={shop.id} shop={shop} />)}
        <Section title={t('settings.person')}>
          <Facts
            rows={[
              [t('people.name'), employee.name],
              [t('people.number'), employee.number],
              [t('people.roles'), employee.roles.join(', ')],
              [
                t('settings.permissions'),
                <span key="permissions" className="font-mono text-[0.9em] text-ink-soft">
                  {employee.permissions.join(' ')}
                </span>,
              ],
            ]}
          />
        </Section>
      </div>
    </>
  )
}
