import { type Browser, chromium, type Page } from 'playwright-core'
import type { Machines } from './drive-machines.ts'
import { barcode, cashier, manager } from './recycler-plan.ts'

// From the moment at which a note's event leaves the machine until the amount stands on the till's page and was drawn,
// in a real browser, at a real sale.

const viewport = { width: 1280, height: 800 }
const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync']
const betweenMs = 250
const patienceMs = 60_000
const shown = '[data-machine="inserted"]'

export type PageTimes = {
  /** Of each amount: from the wire to the drawn page. */
  readonly drawnMs: readonly number[]
  /** The same until the page's document had it. */
  readonly documentMs: readonly number[]
}

/** Opens a till, rings up what costs a lot, asks the machine for it, and puts coins in one after the other. */
export async function measurePage(
  storeUrl: string,
  machines: Machines,
  { tillName, machine, coins }: { tillName: string; machine: number; coins: readonly number[] },
): Promise<PageTimes> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args })
  try {
    const page = await openSale(browser, storeUrl, tillName)
    await page.evaluate(watchAmount, shown)
    const left = new Map<number, number>()
    const stop = machines.watch((of, atMs, { amount }) => {
      if (of !== machine || amount === undefined || left.has(amount)) return
      left.set(amount, atMs)
    })
    let due = 0
    for (const faceMinor of coins) {
      machines.insert(machine, faceMinor)
      due += faceMinor
      await page.locator(`${shown}[data-minor="${due}"]`).waitFor()
      await page.waitForTimeout(betweenMs)
    }
    stop()
    const seen = await page.evaluate(() => Reflect.get(window, 'seenAmounts') as Seen)
    return timesOf(left, new Map(seen))
  } finally {
    await browser.close()
  }
}

type Seen = [amount: number, { document: number; drawn: number }][]

function timesOf(
  left: ReadonlyMap<number, number>,
  seen: ReadonlyMap<number, { document: number; drawn: number }>,
): PageTimes {
  const both = [...left].flatMap(([amount, atMs]) => {
    const at = seen.get(amount)
    return amount === 0 || at === undefined ? [] : [{ atMs, ...at }]
  })
  return {
    drawnMs: both.map(({ atMs, drawn }) => drawn - atMs),
    documentMs: both.map(({ atMs, document }) => document - atMs),
  }
}

async function openSale(browser: Browser, storeUrl: string, tillName: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport, locale: 'en-GB' })).newPage()
  page.setDefaultTimeout(patienceMs)
  await page.goto(`${storeUrl}/till/`)
  await page.getByRole('heading', { name: 'Set up this till' }).waitFor()
  await typePin(page, manager)
  await page.getByRole('button', { name: new RegExp(tillName) }).click()
  await page.getByRole('heading', { name: 'Who works here?' }).waitFor()
  const form = page.getByRole('button', { name: /Sign in/ })
  await form.waitFor()
  const other = page.getByRole('button', { name: 'Somebody else' })
  if ((await other.count()) > 0) await other.click()
  await typePin(page, cashier)
  await page.getByRole('button', { name: /Open with an empty drawer/ }).click()
  await page.getByRole('region', { name: 'Cart' }).waitFor()
  for (const key of barcode) await page.keyboard.press(key)
  await page.keyboard.press('Enter')
  await page
    .getByRole('button', { name: 'Pay', exact: true })
    .and(page.locator(':enabled'))
    .waitFor()
  await page.keyboard.press('F8')
  await page.getByRole('heading', { name: 'Pay' }).waitFor()
  await page.locator('[data-machine="method"]').waitFor()
  await page.keyboard.press('F4')
  await page.locator('[data-machine="panel"][data-machine-state="working"]').waitFor()
  return page
}

async function typePin(page: Page, { number, pin }: typeof cashier): Promise<void> {
  await page.getByRole('button', { name: 'Staff number' }).click()
  await page.keyboard.press('Delete')
  for (const text of [number, pin]) {
    await page.keyboard.type(text, { delay: 2 })
    await page.keyboard.press('Enter')
  }
}

/** Runs in the page: notes when its document has each amount, and when the frame with it was drawn. */
function watchAmount(selector: string): void {
  const seen = new Map<number, { document: number; drawn: number }>()
  const now = () => performance.timeOrigin + performance.now()
  const look = () => {
    const amount = Number(document.querySelector(selector)?.getAttribute('data-minor') ?? 0)
    if (amount === 0 || seen.has(amount)) return
    const times = { document: now(), drawn: Number.POSITIVE_INFINITY }
    seen.set(amount, times)
    // The frame is drawn right after its own call; what is posted there comes after that.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        times.drawn = now()
        Reflect.set(window, 'seenAmounts', [...seen])
      }
      port2.postMessage(undefined)
    })
  }
  const everything = { subtree: true, childList: true, attributes: true, characterData: true }
  new MutationObserver(look).observe(document.body, everything)
}
