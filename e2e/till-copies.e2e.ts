import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  chainOf,
  openPage,
  openProfile,
  payCash,
  readUnsent,
  scan,
  setUp,
  signIn,
  waitForUnsent,
} from './till-page.ts'
import { bread, cake, cashier, coffee, copiesPlan } from './till-plan.ts'
import { patience, type Story, startStory } from './till-story.ts'

// A till of which there are two, one whose memory was thrown away, one whose clock somebody set, one whose
// disk is full, and one whose store server burnt.

let story: Story
let profiles = ''

beforeAll(async () => {
  story = await startStory(copiesPlan)
  profiles = await mkdtemp(join(tmpdir(), 'tillkeeper-profiles-'))
})

afterAll(async () => {
  await story?.stop()
  await rm(profiles, { recursive: true, force: true })
})

/** Somebody signs in at a new till and opens it with an empty drawer. */
async function openDrawer(page: Page): Promise<void> {
  await signIn(page, cashier)
  await page.getByRole('button', { name: /Open with an empty drawer/ }).click()
  await page.getByRole('region', { name: 'Cart' }).waitFor()
}

/** Somebody signs in at a till whose drawer is open. */
async function workOn(page: Page): Promise<void> {
  await signIn(page, cashier)
  await page.getByRole('region', { name: 'Cart' }).waitFor()
}

async function sell(page: Page, { barcodes }: typeof coffee, given: string): Promise<void> {
  await scan(page, barcodes[0] ?? '')
  await payCash(page, given)
  await page.keyboard.press('Enter')
}

async function showUnsent(page: Page): Promise<void> {
  await page.keyboard.press('F7')
  await page.getByRole('heading', { name: 'Menu' }).waitFor()
  await page.keyboard.press('8')
  await page.getByRole('heading', { name: 'Unsent and line' }).waitFor()
}

/** The till's session as the store server and, later, the cloud have it. */
async function expectTotals(
  number: number,
  totals: Readonly<Record<string, number>>,
): Promise<void> {
  const tillId = await story.tillOf(number)
  for (const at of [story.store, story.chain.cloud]) {
    await expect
      .poll(async () => (await story.sessionOf(tillId, at)).totals, patience)
      .toMatchObject(totals)
  }
}

const majorsOf = async (page: Page) =>
  (await chainOf(page)).map(({ stream }) => Number(/:(\d+)\./.exec(stream)?.[1]))

test('a profile that was copied sells beside the first, and every sale is counted once', async () => {
  const dir = join(profiles, 'first')
  const copyDir = join(profiles, 'copy')
  const before = await openProfile(dir, story.store.url)
  await setUp(before.page, 'Twice')
  await openDrawer(before.page)
  await sell(before.page, coffee, '45')
  await waitForUnsent(before.page, 0)
  await before.page.close({ runBeforeUnload: false })
  await before.close()
  await cp(dir, copyDir, { recursive: true })

  const first = await openProfile(dir, story.store.url)
  await workOn(first.page)
  await sell(first.page, cake, '95')
  await waitForUnsent(first.page, 0)
  const copy = await openProfile(copyDir, story.store.url)
  await workOn(copy.page)
  await sell(copy.page, bread, '121')
  await sell(first.page, coffee, '45')
  await sell(copy.page, coffee, '45')
  await waitForUnsent(first.page, 0)
  await waitForUnsent(copy.page, 0)

  await expectTotals(1, { sales: 5, salesMinor: 3 * 45_00 + 95_00 + 120_50 })
  const session = await story.sessionOf(await story.tillOf(1))
  const ids = (await story.salesOf(session)).map(({ id }) => id)
  expect(new Set(ids).size).toBe(5)
  // The one that was found goes on under a major epoch of its own.
  await expect
    .poll(async () => [...(await majorsOf(first.page)), ...(await majorsOf(copy.page))], patience)
    .toContain(2)
  // By its fork or by its rolling token, whichever was seen first: a person is told.
  const told = await Promise.all(
    [first, copy].map(async ({ page }) => {
      await showUnsent(page)
      return await page.getByRole('heading', { name: 'Needs a person' }).count()
    }),
  )
  expect(told.reduce((all, each) => all + each, 0)).toBeGreaterThan(0)
  await first.close()
  await copy.close()
})

test('a database that is found in another profile is taken for a copy', async () => {
  const { page } = await openPage(story.browser, story.store.url)
  await setUp(page, 'Moved')
  await openDrawer(page)
  await sell(page, coffee, '45')
  await waitForUnsent(page, 0)
  // All that lies beside the database is another browser's.
  await page.evaluate(() => localStorage.setItem('tillkeeper.till.body', 'of another browser'))
  await page.reload()
  await workOn(page)
  await sell(page, cake, '95')
  await waitForUnsent(page, 0)
  await showUnsent(page)
  await page.getByText('copied from another browser', { exact: false }).waitFor()
  const minors = (await chainOf(page)).map(({ stream }) => /:1\.(\d+)\//.exec(stream)?.[1])
  expect(minors[0]).toBe('0')
  expect(minors[1]).toMatch(/^\d{9}$/)
  await expectTotals(2, { sales: 2, salesMinor: 140_00 })
  await page.context().close()
})

test('what a browser threw away before it was sent is said to be lost', async () => {
  const { page } = await openPage(story.browser, story.store.url)
  await setUp(page, 'Evicted')
  await openDrawer(page)
  await sell(page, coffee, '45')
  await waitForUnsent(page, 0)
  await page.evaluate(() => navigator.serviceWorker.ready)
  await story.store.kill()
  await sell(page, cake, '95')
  await sell(page, bread, '121')
  expect(await readUnsent(page)).toBe(2)
  const beside = await page.context().newPage()
  await page.close()
  await story.store.start()
  await beside.goto(`${story.store.url}/till/icon-192.png`)
  await beside.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const deleting = indexedDB.deleteDatabase('tillkeeper-till')
        deleting.onsuccess = () => resolve()
        deleting.onerror = () => reject(deleting.error)
      }),
  )
  await beside.goto(`${story.store.url}/till/`)
  await beside.locator('[data-gone="2"]').waitFor()
  await beside.getByText('This browser was the till “Evicted”', { exact: false }).waitFor()
  await setUp(beside, 'Evicted')
  await beside.locator('[data-lost="2"]').waitFor()
  await beside.reload()
  await beside.locator('[data-lost="2"]').waitFor()
  // A page that starts anew under the finger asks once more.
  const noted = beside.getByRole('button', { name: 'Noted' })
  await expect
    .poll(async () => {
      if (await noted.isVisible()) await noted.click()
      return beside.locator('[data-lost]').count()
    }, patience)
    .toBe(0)
  await workOn(beside)
  await sell(beside, coffee, '45')
  await waitForUnsent(beside, 0)
  expect(await majorsOf(beside)).toEqual([2])
  await expectTotals(3, { sales: 2, salesMinor: 90_00 })
  await showUnsent(beside)
  await beside.getByText('2 entries, number 3 to 4').waitFor()
  await beside.context().close()
})

test('a clock that somebody sets two years ahead moves no sale', async () => {
  const { page } = await openPage(story.browser, story.store.url)
  await setUp(page, 'Clock')
  await openDrawer(page)
  await sell(page, coffee, '45')
  await waitForUnsent(page, 0)
  await page.evaluate(() => {
    const twoYearsMs = 2 * 365 * 86_400_000
    const real = Date.now
    Date.now = () => real() + twoYearsMs
  })
  await sell(page, cake, '95')
  await waitForUnsent(page, 0)
  await story.store.kill()
  await sell(page, bread, '121')
  await page.getByText('store’s time').waitFor()
  await story.store.start()
  await waitForUnsent(page, 0)
  await showUnsent(page)
  await page.locator('[data-clock="off"]').waitFor()

  await expectTotals(4, { sales: 3 })
  const session = await story.sessionOf(await story.tillOf(4))
  const sales = await story.salesOf(session)
  expect(sales.length).toBe(3)
  for (const { occurredAt, businessDate } of sales) {
    expect(Math.abs(Date.parse(occurredAt) - Date.now())).toBeLessThan(10 * 60_000)
    expect(businessDate).toBe(session.businessDate)
  }
  await page.context().close()
})

test('a device that can keep nothing more refuses a sale before it is paid', async () => {
  const { page } = await openPage(story.browser, story.store.url)
  await setUp(page, 'Full')
  await openDrawer(page)
  await sell(page, coffee, '45')
  await waitForUnsent(page, 0)
  await scan(page, cake.barcodes[0] ?? '')
  await page.locator('[data-total="9500"]').waitFor()
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Storage.overrideQuotaForOrigin', { origin: story.store.url, quotaSize: 1 })
  // Chromium lets a page use up what it was promised within the last half minute.
  const full = page.getByText('This device’s storage is full', { exact: false })
  const refused = async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('F8')
    return full.waitFor({ timeout: 2_000 }).then(
      () => true,
      () => false,
    )
  }
  await expect.poll(refused, { timeout: 90_000, interval: 500 }).toBe(true)
  expect(await page.getByRole('heading', { name: 'Pay' }).count()).toBe(0)
  await page.locator('[data-total="9500"]').waitFor()
  // There is room again, and nothing was lost.
  await cdp.send('Storage.overrideQuotaForOrigin', { origin: story.store.url })
  await payCash(page, '95')
  await waitForUnsent(page, 0)
  expect((await chainOf(page)).map(({ seq }) => seq)).toEqual([3])
  await expectTotals(5, { sales: 2, salesMinor: 140_00 })
  await page.context().close()
})

test('a store server that burnt gets from its till what nobody else has', async () => {
  const { page } = await openPage(story.browser, story.store.url)
  await setUp(page, 'Burnt')
  await openDrawer(page)
  await sell(page, coffee, '45')
  await waitForUnsent(page, 0)
  await page.evaluate(() => navigator.serviceWorker.ready)
  // The cloud is away: what the till sells now is at the store server alone, and then nowhere but here.
  await story.chain.cloud.kill()
  await sell(page, cake, '95')
  await waitForUnsent(page, 0)
  await story.store.kill()
  await sell(page, bread, '121')
  expect(await readUnsent(page)).toBe(1)
  await story.chain.cloud.start()
  await story.chain.replaceStore(story.store)
  // A link that was refused while the new server loaded waits for minutes by now: the net is back.
  const knock = async () => {
    await page.evaluate(() => window.dispatchEvent(new Event('online')))
    return readUnsent(page)
  }
  await expect.poll(knock, { timeout: 120_000, interval: 1_000 }).toBe(0)
  await expectTotals(6, { sales: 3, salesMinor: 45_00 + 95_00 + 120_50 })
  expect((await chainOf(page)).reduce((all, { seq }) => all + seq, 0)).toBe(4)
  await page.context().close()
})
