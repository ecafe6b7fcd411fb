import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeChain } from '@tillkeeper/chain/remove-chain.ts'
import { type Chain, type ChainStore, startChain } from '@tillkeeper/chain/start-chain.ts'
import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import type { Employee, Product, Sale, SaleRow, Till } from '@tillkeeper/client/api/shapes.ts'
import { type Answer, createClient } from '@tillkeeper/client/client.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBarriers, logInByPassword, openBrowser, openOffice } from './office-browser.ts'
import { cashier, manager, officePlan, owner } from './office-plan.ts'

// The owner looks at the chain, a manager at the shop: real servers, a real browser, sales through the
// public API. Told in order, as one day.

let folder = ''
let chain: Chain
let browser: Browser
let ari: ShopDesk

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillkeeper-office-'))
  chain = await startChain({ dataDir: join(folder, 'chain'), plan: officePlan })
  browser = await openBrowser()
  ari = await openDesk(chain.stores[0])
})
afterAll(async () => {
  await browser?.close()
  await chain?.stop()
  await removeChain(join(folder, 'chain')).catch(() => undefined)
  await rm(folder, { recursive: true, force: true })
})

/** A shop as an integrator trades in it. */
type ShopDesk = {
  readonly store: ChainStore
  readonly session: Session
  readonly sell: (quantity: number) => Promise<Sale>
  readonly refund: (sale: Sale) => Promise<void>
  readonly close: (countedMinor: number) => Promise<void>
}

async function openDesk(store: ChainStore | undefined): Promise<ShopDesk> {
  if (store === undefined) throw new Error('the chain has no such shop')
  const api = createClient({
    baseUrl: store.url,
    credentials: { kind: 'key', key: chain.apiKey },
  })
  const list = async <Item>(path: string) =>
    told(await api.get<{ items: readonly Item[] }>(path)).items
  const [till] = (await list<Till>('/v1/tills')).filter(({ shopId }) => shopId === store.shopId)
  const nok = (await list<Employee>('/v1/employees')).find(({ name }) => name === 'Nok')
  const coffee = (await list<Product>('/v1/products')).find(({ code }) => code === 'B1')
  const session = told(
    await api.post<Session>('/v1/till-sessions', {
      id: makeId(),
      tillId: till?.id,
      staffId: nok?.id,
      currency: 'THB',
      floatMinor: 100_000,
      pieces: [{ faceMinor: 10_000, pieces: 10 }],
    }),
  )
  return {
    store,
    session,
    sell: async (quantity) => {
      const total = 4_500 * quantity
      return told(
        await api.post<Sale>('/v1/sales', {
          id: makeId(),
          sessionId: session.id,
          currency: 'THB',
          lines: [{ productId: coffee?.id, quantity: quantity * 1_000 }],
          tenders: [
            { method: 'cash', givenMinor: 50_000, pieces: [{ faceMinor: 50_000, pieces: 1 }] },
          ],
          changePieces: breakDown(50_000 - total),
          expectedTotalMinor: total,
        }),
      )
    },
    refund: async (sale) => {
      const body = { id: makeId(), sessionId: session.id, method: 'cash', reason: 'Cold coffee' }
      told(await api.post(`/v1/sales/${sale.id}/refunds`, body))
    },
    close: async (countedMinor) => {
      const body = { id: makeId(), countedMinor, pieces: breakDown(countedMinor) }
      told(await api.post(`/v1/till-sessions/${session.id}/close`, body))
    },
  }
}

function told<Reply>(answer: Answer<Reply>): Reply {
  if (!answer.ok) throw new Error(JSON.stringify(answer.failure))
  return answer.reply
}

function breakDown(amount: number): { faceMinor: number; pieces: number }[] {
  let left = amount
  return [100_000, 50_000, 10_000, 5_000, 2_000, 1_000, 500].flatMap((faceMinor) => {
    const pieces = Math.floor(left / faceMinor)
    left -= pieces * faceMinor
    return pieces === 0 ? [] : { faceMinor, pieces }
  })
}

/** Goes to a screen as a click would: without loading the page again. */
async function show(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
}

/** The row of a figure on Today, such as the sales of the day. */
const figure = (page: Page, name: string) =>
  page.locator('main').getByText(name, { exact: true }).first().locator('xpath=..')

/** Sales in a row that have to be seen; the fastest tells how fast the screen is where it is let. */
const salesSeen = 5
const seenMsMax = 1_000
/** A machine that is busy with other tests may take longer for some of them. */
const seenMsBound = 15_000

test('a sale in a shop stands on the owner’s screen within a second, without a reload', async () => {
  const { page, faults, close } = await openOffice(browser, { url: chain.cloud.url })
  await logInByPassword(page, owner)
  await page.getByText('Live', { exact: true }).waitFor()
  await page.evaluate(() => Object.assign(window, { stayed: true }))

  const tookMs: number[] = []
  for (let nth = 1; nth <= salesSeen; nth += 1) {
    const sale = await ari.sell(2)
    const soldAt = performance.now()
    await page.getByText(`Sale ${sale.receiptNumber}`).waitFor({ timeout: seenMsBound })
    const total = new RegExp(`฿\\s*${((nth * 9_000) / 100).toFixed(2).replace('.', '[.]')}`)
    await expect
      .poll(() => figure(page, 'Sales').textContent(), { timeout: seenMsBound, interval: 20 })
      .toMatch(total)
    tookMs.push(performance.now() - soldAt)
  }
  expect(Math.min(...tookMs), `seen after ${tookMs.map(Math.round)} ms`).toBeLessThan(seenMsMax)
  expect(await page.evaluate(() => 'stayed' in window)).toBe(true)
  expect(await figure(page, 'Open tills').textContent()).toContain('1')
  expect(faults()).toEqual([])
  await close()
})

test('a sale opens down to its notes, its tax and its receipt', async () => {
  const sale = await ari.sell(3)
  const { page, faults, close } = await openOffice(browser, { url: chain.cloud.url })
  await logInByPassword(page, owner)
  await page.getByRole('link', { name: `Sale ${sale.receiptNumber}` }).click()
  await page.getByRole('heading', { name: sale.receiptNumber }).waitFor()
  const main = page.locator('main')
  await main.getByRole('cell', { name: 'Coffee B1' }).waitFor()
  const paid = main.locator('section', { hasText: 'Paid' }).first()
  // 500 in; 365 out as 3 × 100, 50, 10 and 5.
  expect((await paid.textContent())?.replace(/\s/g, '')).toContain('in1×500')
  expect((await paid.textContent())?.replace(/\s/g, '')).toContain('out3×1001×501×101×5')
  // 135.00 holds 8.83 of tax at 7 %.
  expect(await main.getByRole('row', { name: 'VAT 7 %' }).textContent()).toContain('8.83')
  await main.getByText('*** COPY ***').waitFor()
  expect(await main.locator('[data-print=paper]').textContent()).toContain('TOTAL')
  expect(faults()).toEqual([])
  await close()
})

test('sales are listed with their notes, found by number, sorted, and saved as a file', async () => {
  const sale = await ari.sell(1)
  await ari.refund(sale)
  const { page, close } = await openOffice(browser, { url: chain.cloud.url })
  await logInByPassword(page, owner)
  await show(page, 'Sales')
  const rows = page.locator('tbody tr[data-index]')
  await page.getByRole('row', { name: sale.receiptNumber }).waitFor()
  await page.getByText('Refund', { exact: true }).waitFor()

  // The dearest first, by keyboard alone: then down a row, and Enter opens it.
  await page.getByRole('button', { name: 'Total' }).press('Enter')
  await expect.poll(() => rows.first().textContent()).toContain('135.00')
  await rows.first().focus()
  await page.keyboard.press('ArrowDown')
  expect(await rows.nth(1).evaluate((row) => row === document.activeElement)).toBe(true)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /^RCP-/ }).waitFor()
  await page.goBack()

  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV' }).click()
  const csv = await (await saving).createReadStream().then(readAll)
  expect(csv).toContain(`sale,${sale.receiptNumber},${sale.businessDate},`)
  expect(csv.trim().split('\r\n')).toHaveLength(1 + (await countRows()))

  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search' }).fill(sale.receiptNumber)
  await page.getByRole('option', { name: sale.receiptNumber }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: sale.receiptNumber }).waitFor()
  await close()
})

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += Buffer.from(chunk).toString('utf8')
  return text
}

async function countRows(): Promise<number> {
  const credentials = { kind: 'key', key: chain.apiKey } as const
  const api = createClient({ baseUrl: ari.store.url, credentials })
  return told(await api.get<{ items: readonly SaleRow[] }>('/v1/sales?limit=200')).items.length
}

test('a close that is twenty baht short says so, with its sign and its word', async () => {
  // 1,000.00 float, 5 × 90.00 + 135.00 + 45.00 − 45.00 sold: 1,585.00 should be there.
  await ari.close(156_500)
  const { page, close } = await openOffice(browser, { url: chain.cloud.url })
  await logInByPassword(page, owner)
  await page.getByText('Till closed', { exact: true }).waitFor()
  await show(page, 'Tills')
  const row = page.locator('tbody tr[data-index]').first()
  await expect.poll(() => row.textContent()).toContain('\u221220.00 shortage')
  expect(await row.textContent()).toContain('Closed with variance')
  await row.click()
  await page.getByRole('heading', { name: 'Z report' }).waitFor()
  const drawer = page.getByRole('table', { name: 'The drawer' })
  expect(await drawer.getByRole('row', { name: 'Expected' }).textContent()).toContain('1,585.00')
  expect(await drawer.getByRole('row', { name: 'Counted' }).textContent()).toContain('1,565.00')
  await close()
})

test('in Thai the words, the year and the receipt are Thai', async () => {
  const { page, close } = await openOffice(browser, { url: chain.cloud.url, locale: 'th-TH' })
  await logInByPassword(page, owner)
  await page.getByRole('heading', { name: /^วัน/ }).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('th')
  await show(page, 'การขาย')
  expect(await page.locator('main').textContent()).toContain(String(thaiYear()))
  await page.locator('tbody tr[data-index]').first().click()
  await page.getByText('*** สำเนา ***').waitFor()
  // The choice is kept, also for the next who looks at this device.
  await page.getByRole('combobox', { name: 'ภาษา' }).selectOption('id')
  await page.reload()
  await page.getByRole('navigation').getByRole('link', { name: 'Penjualan' }).waitFor()
  await close()
})

function thaiYear(): number {
  const year = new Intl.DateTimeFormat('en', { year: 'numeric', timeZone: 'Asia/Bangkok' })
  return Number(year.format(new Date())) + 543
}

const screens = [
  ...[
    'Today',
    'Sales',
    'Receipts',
    'Tills',
    'Evening',
    'Cash',
    'Products',
    'People',
    'Reports',
    'Attention',
    'Sync',
    'Settings',
  ],
]
/** Between two themes nothing but colours differs. */
const looks = [
  { scheme: 'light', size: { width: 1280, height: 800 }, what: 'all' },
  { scheme: 'dark', size: { width: 1280, height: 800 }, what: 'colours' },
  { scheme: 'light', size: { width: 390, height: 844 }, what: 'all' },
] as const

test('no screen puts a barrier up: by day, in the dark, on a phone', async () => {
  const { page, faults, close } = await openOffice(browser, { url: chain.cloud.url, ...looks[0] })
  const found: string[] = []
  const check = async (name: string) => {
    // Opened once and looked at three times: to load a screen anew for each look takes longer than the look.
    for (const { scheme, size, what } of looks) {
      await page.emulateMedia({ colorScheme: scheme })
      await page.setViewportSize(size)
      await page.locator('h1').first().waitFor()
      await expect
        .poll(() => page.locator('.shimmer').count(), { timeout: 20_000, interval: 20 })
        .toBe(0)
      const where = `${name}, ${scheme}, ${size.width} px`
      found.push(...(await findBarriers(page, what)).map((line) => `${where}: ${line}`))
      const wider = await page.evaluate(() => document.body.scrollWidth - window.innerWidth)
      expect(wider, `${where} is wider than the screen`).toBeLessThanOrEqual(0)
    }
    await page.emulateMedia({ colorScheme: looks[0].scheme })
    await page.setViewportSize(looks[0].size)
  }
  await page.getByRole('heading', { level: 1 }).waitFor()
  await check('Login')
  await logInByPassword(page, owner)
  for (const name of screens) {
    await show(page, name)
    await page.locator('main').getByRole('heading', { level: 1 }).waitFor()
    await check(name)
  }
  for (const list of ['Sales', 'Tills']) {
    await show(page, list)
    await page.locator('tbody tr[data-index]').first().click()
    await page.locator('[data-print=paper]').waitFor()
    await check(`one of ${list}`)
  }
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search' }).fill('RCP')
  await page.getByRole('option').first().waitFor()
  await check('Search')
  expect(found).toEqual([])
  expect(faults()).toEqual([])
  await close()
})

test('a cashier sees neither the figures of the chain nor a way to them', async () => {
  const { page, close } = await openOffice(browser, { url: ari.store.url })
  await logInByPin(page, cashier)
  await page.getByRole('heading', { name: 'Sales' }).waitFor()
  for (const name of ['Today', 'Cash']) {
    expect(await page.getByRole('link', { name, exact: true }).count()).toBe(0)
  }
  await page.goto(`${ari.store.url}/office/cash`)
  await page.getByText('You may not see this screen.').waitFor()
  await show(page, 'Tills')
  await page.locator('tbody tr[data-index]').first().waitFor()
  await close()
})

async function logInByPin(page: Page, person: { number: string; pin: string }): Promise<void> {
  await page.getByRole('button', { name: 'Use staff number and PIN' }).click()
  await page.getByLabel('Staff number').fill(person.number)
  await page.getByLabel('PIN', { exact: true }).fill(person.pin)
  await page.getByRole('button', { name: 'Log in' }).click()
}

test('the shop has its own office when the cloud is gone, and when its server comes back', async () => {
  await chain.cloud.kill()
  const { page, faults, close } = await openOffice(browser, { url: ari.store.url })
  await logInByPin(page, manager)
  await page.getByText(/^No internet/).waitFor({ timeout: 60_000 })
  const desk = await openDesk(ari.store)
  const first = await desk.sell(1)
  await page.getByText(`Sale ${first.receiptNumber}`).waitFor()
  await page.getByText(/kept here, will be sent/).waitFor()

  // The store's server goes too: what was read stays on the screen, and says that it is of before.
  await ari.store.kill()
  await page.getByText('Not live, connecting again').waitFor()
  expect(await page.getByText(`Sale ${first.receiptNumber}`).count()).toBe(1)
  await ari.store.start()
  await page.getByText(/^No internet/).waitFor({ timeout: 60_000 })
  const second = await desk.sell(2)
  await page.getByText(`Sale ${second.receiptNumber}`).waitFor()

  await chain.cloud.start()
  await page.getByText('Live', { exact: true }).waitFor({ timeout: 60_000 })
  expect(faults()).toEqual([])
  await close()
})
