import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { languageNames, languages } from '@tillkeeper/ui/language/language.ts'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { useText } from './use-text.ts'

/** The languages of the screen, each by its own name. */
export function LanguageChoice({ className }: { readonly className?: string }) {
  const t = useText()
  const [language, setLanguage] = useLanguage()
  return (
    <fieldset
      aria-label={t('menu.language')}
      className={joinClasses('m-0 flex gap-2 border-0 p-0', className)}
    >
      {languages.map((each) => (
        <button
          key={each}
          type="button"
          lang={each}
          aria-pressed={each === language}
          onClick={() => setLanguage(each)}
          className={joinClasses(
            'min-h-12 min-w-12 rounded-md border px-4 text-small font-medium',
            each === language
              ? 'border-accent bg-accent-soft text-accent'
              : 'border-line bg-surface hover:bg-hover',
          )}
        >
          {languageNames[each]}
        </button>
      ))}
    </fieldset>
  )
}
