import './office.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { assert } from '@tillkeeper/core/base/assert.ts'
import { ToastArea } from '@tillkeeper/ui/feedback/toast.tsx'
import { LanguageProvider, startI18n } from '@tillkeeper/ui/language/i18n.tsx'
import { applyTheme, readTheme } from '@tillkeeper/ui/theme/theme.ts'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createApi } from './api/api.ts'
import { ClientsProvider } from './api/clients.tsx'
import { createCache } from './api/queries.ts'
import { send } from './api/send.ts'
import { createLive } from './live/live.ts'
import { markStale } from './live/mark-stale.ts'
import { createLogin } from './login/login.ts'
import { en } from './messages/en.ts'
import { id } from './messages/id.ts'
import { th } from './messages/th.ts'
import { createOfficeRouter } from './router.tsx'

// The whole program, wired by hand.
applyTheme(readTheme())
const i18n = startI18n({ en, th, id }, navigator.languages)
const cache = createCache()
const login = createLogin({ send, storage: sessionStorage, nowMs: Date.now })
const api = createApi(login)
const stale = markStale(cache)
const live = createLive({ api, onEvent: stale.byEvent, onReset: stale.all })
const router = createOfficeRouter()

// What one person read is not for the next one at the same screen.
login.subscribe(() => login.read().stage === 'out' && cache.clear())
void login.resume()

const root = document.getElementById('root')
assert(root !== null, 'the page has a root')
createRoot(root).render(
  <StrictMode>
    <LanguageProvider i18n={i18n}>
      <QueryClientProvider client={cache}>
        <ClientsProvider clients={{ login, api, live }}>
          <ToastArea>
            <RouterProvider router={router} />
          </ToastArea>
        </ClientsProvider>
      </QueryClientProvider>
    </LanguageProvider>
  </StrictMode>,
)
