import type { Language } from '@tillkeeper/core/money/currency.ts'

/** The languages that the screens speak, in the order in which they are offered. */
export const languages: readonly Language[] = ['en', 'th', 'id']

/** What each calls itself; never translated, so that a person finds the way back. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  th: 'ไทย',
  id: 'Indonesia',
}

/** BCP 47 tags for numbers and dates. English is the British one: day before month, 24 hours. */
const tags: Readonly<Record<Language, string>> = { en: 'en-GB', th: 'th-TH', id: 'id-ID' }

/** The tag by which `Intl` writes numbers and dates. Dates in Thai count Buddhist years. */
export function localeTag(language: Language): string {
  return tags[language]
}

export function isLanguage(text: unknown): text is Language {
  return languages.some((language) => language === text)
}

/** The first of the wished languages, such as `navigator.languages`, that we speak; else English. */
export function chooseLanguage(wishes: readonly string[]): Language {
  for (const wish of wishes) {
    const short = wish.toLowerCase().split('-')[0]
    if (isLanguage(short)) return short
  }
  return 'en'
}

/** ICU messages by key. The English catalogue of an app is the source of its keys. */
export type Catalogue<Key extends string> = Readonly<Record<Key, string>>
