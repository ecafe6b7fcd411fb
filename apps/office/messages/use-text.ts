import { type Translate, useTranslate } from '@tillkeeper/ui/language/i18n.tsx'
import type { UiKey } from '@tillkeeper/ui/messages/en.ts'
import type { OfficeKey } from './en.ts'

/** The office's words, in the language of the screen. */
export const useText = useTranslate<OfficeKey>

export type OfficeText = Translate<OfficeKey | UiKey>
