import './till.css'
import { LanguageProvider, startI18n } from '@tillkeeper/ui/language/i18n.tsx'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { en } from './words/en.ts'
import { id } from './words/id.ts'
import { th } from './words/th.ts'

const i18n = startI18n({ en, th, id }, navigator.languages)
const place = document.getElementById('root')
if (place === null) throw new Error('the page has a place for the till')

createRoot(place).render(
  <StrictMode>
    <LanguageProvider i18n={i18n}>
      <App />
    </LanguageProvider>
  </StrictMode>,
)
