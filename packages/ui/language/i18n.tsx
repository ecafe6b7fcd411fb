import { type I18n, setupI18n } from '@lingui/core'
import { compileMessage } from '@lingui/message-utils/compileMessage'
import { I18nProvider, useLingui } from '@lingui/react'
import type { Language } from '@tillkeeper/core/money/currency.ts'
import type { ReactNode } from 'react'
import { en, type UiKey } from '../messages/en.ts'
import { id } from '../messages/id.ts'
import { th } from '../messages/th.ts'
import { type Catalogue, chooseLanguage, isLanguage } from './language.ts'

const remembered = 'tillkeeper.language'

/**
 * The words of one app, in the language last chosen on this device, else in the first of `wishes`
 * that we speak. Messages are compiled when a language is first used; no build step is needed.
 */
export function startI18n<Key extends string>(
  catalogues: Readonly<Record<Language, Catalogue<Key>>>,
  wishes: readonly string[],
): I18n {
  const i18n = setupI18n()
  i18n.setMessagesCompiler(compileMessage)
  i18n.load({
    en: { ...en, ...catalogues.en },
    th: { ...th, ...catalogues.th },
    id: { ...id, ...catalogues.id },
  })
  const kept = globalThis.localStorage?.getItem(remembered)
  activateLanguage(i18n, isLanguage(kept) ? kept : chooseLanguage(wishes))
  return i18n
}

function activateLanguage(i18n: I18n, language: Language): void {
  i18n.activate(language)
  // Browsers break lines, choose glyphs and read aloud by this.
  document.documentElement.lang = language
}

export function LanguageProvider({ i18n, children }: { i18n: I18n; children: ReactNode }) {
  return <I18nProvider i18n={i18n}>{children}</I18nProvider>
}

export type Translate<Key extends string> = (
  key: Key,
  values?: Readonly<Record<string, unknown>>,
) => string

/**
 * The words in the language of the screen. An app narrows it to its own keys, once:
 * `export const useText = useTranslate<OfficeKey>`.
 */
export function useTranslate<Key extends string = UiKey>(): Translate<Key | UiKey> {
  const { i18n } = useLingui()
  return (key, values) => i18n._(key, values === undefined ? undefined : { ...values })
}

/** The language of the screen, and how to change it; the choice is remembered on this device. */
export function useLanguage(): readonly [Language, (language: Language) => void] {
  const { i18n } = useLingui()
  const language = isLanguage(i18n.locale) ? i18n.locale : 'en'
  return [
    language,
    (next) => {
      globalThis.localStorage?.setItem(remembered, next)
      activateLanguage(i18n, next)
    },
  ]
}
