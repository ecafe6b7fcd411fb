import { existsSync } from 'node:fs'
import AxeBuilder from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

// A real browser that looks at the office, and what every look at it has to hold.

const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
// A browser that asks its maker for updates would be one more thing that needs the internet.
const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts the system's browser; `npm test` installs one where it may. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = browsers.find(existsSync)
  if (executablePath === undefined) throw new Error('no Chromium is installed')
  return chromium.launch({ executablePath, args: switches })
}

export type OfficePage = {
  readonly page: Page
  /** What went wrong in the page so far: errors, and requests to other servers. */
  readonly faults: () => readonly string[]
  readonly close: () => Promise<void>
}

export type Look = {
  readonly url: string
  readonly scheme?: 'light' | 'dark'
  readonly locale?: 'en-GB' | 'th-TH'
  readonly size?: { readonly width: number; readonly height: number }
}

/** Opens the office of a server in a window of its own. */
export async function openOffice(browser: Browser, look: Look): Promise<OfficePage> {
  const context: BrowserContext = await browser.newContext({
    viewport: look.size ?? { width: 1440, height: 900 },
    colorScheme: look.scheme ?? 'light',
    locale: look.locale ?? 'en-GB',
    acceptDownloads: true,
  })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('request', (request) => {
    const url = new URL(request.url())
    const isOurs = url.origin === look.url || url.protocol === 'blob:' || url.protocol === 'data:'
    if (!isOurs) faults.push(`asked ${url.origin}`)
  })
  await page.goto(`${look.url}/office/`)
  return { page, faults: () => faults, close: () => context.close() }
}

/** Logs in by login and password, as one does from anywhere. */
export async function logInByPassword(
  page: Page,
  person: { readonly login: string; readonly password: string },
): Promise<void> {
  await page.locator('input[name=login]').fill(person.login)
  await page.locator('input[name=password]').fill(person.password)
  await page.locator('button[type=submit]').click()
}

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/**
 * What axe finds against WCAG 2.2 A and AA, one line for each element. `colours` looks at contrast alone:
 * between two themes nothing else differs.
 */
export async function findBarriers(
  page: Page,
  what: 'all' | 'colours' = 'all',
): Promise<readonly string[]> {
  // A figure that is still fading in has another contrast than the one that stays.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((motion) => motion.finished.catch(() => undefined))),
  )
  // In one page there are no frames to gather from, for which it would open a page more each time.
  const axe = new AxeBuilder({ page }).setLegacyMode()
  const { violations } = await (what === 'all'
    ? axe.withTags(standards)
    : axe.withRules('color-contrast')
  ).analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`))
}
