import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeChain } from '@tillkeeper/chain/remove-chain.ts'
import { type Chain, type ChainStore, startChain } from '@tillkeeper/chain/start-chain.ts'
import type { Employee, Product, Till, TillEnrolment } from '@tillkeeper/client/api/shapes.ts'
import { type Answer, createClient, logIn } from '@tillkeeper/client/client.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import type { OpenedCloud, SeededChain } from '@tillkeeper/cloud/testing/open-cloud.gen.ts'
import { draftSale, makeAuthor, push } from '@tillkeeper/cloud/testing/raw-child.gen.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBarriers, logInByPassword, openBrowser, openOffice } from './office-browser.ts'
import { manager, officePlan, owner } from './office-plan.ts'

// A till seals a sale that nobody can read. It is parked, everything else flows, the owner sees it, settles
// it, and it is gone: real servers, a real browser. Told in order.

let folder = ''
let chain: Chain
let browser: Browser
let shop: ChainStore
let behind = ''
const sound = [makeId(), makeId()]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillkeeper-attention-'))
  chain = await startChain({ dataDir: join(folder, 'chain'), plan: officePlan })
  browser = await openBrowser()
  const [first] = chain.stores
  if (first === undefined) throw new Error('the chain has a shop')
  shop = first
})
afterAll(async () => {
  await browser?.close()
  await chain?.stop()
  await removeChain(join(folder, 'chain')).catch(() => undefined)
  await rm(folder, { recursive: true, force: true })
})

function told<Reply>(answer: Answer<Reply>): Reply {
  if (!answer.ok) throw new Error(JSON.stringify(answer.failure))
  return answer.reply
}

const reader = (baseUrl: string) =>
  createClient({ baseUrl, credentials: { kind: 'key', key: chain.apiKey } })
const eventually = { timeout: 30_000, interval: 100 }
const isIn = async (baseUrl: string, saleId: string) =>
  (await reader(baseUrl).get(`/v1/sales/${saleId}`)).ok

/** A device that a manager makes a till, and what it seals: one broken sale, one behind it, two others. */
async function tradeOnADevice(): Promise<void> {
  const api = reader(shop.url)
  const list = async <Item>(path: string) =>
    told(await api.get<{ items: readonly Item[] }>(path)).items
  const till = (await list<Till>('/v1/tills')).find(({ shopId }) => shopId === shop.shopId)
  const nok = (await list<Employee>('/v1/employees')).find(({ name }) => name === 'Nok')
  const [coffee] = await list<Product>('/v1/products')
  if (till === undefined || nok === undefined || coffee === undefined) {
    throw new Error('the shop has a till, a cashier and a product')
  }
  const managing = told(await logIn({ baseUrl: shop.url }, { path: '/v1/auth/pin', body: manager }))
  const device = told(await managing.post<TillEnrolment>(`/v1/tills/${till.id}/enrol`, {}))
  const seeded = { nok: nok.id, products: [coffee.id] } as unknown as SeededChain
  const sale = (sessionId: string, id = makeId()) =>
    draftSale(seeded, { shopId: shop.shopId, tillId: till.id, sessionId, id })
  const [torn, whole] = [makeId(), makeId()]
  const bad = sale(torn)
  behind = makeId()
  const made = makeAuthor(device.org, device.author, device.epoch)
  made.seal([
    { ...bad, body: { ...(bad.body as object), totalMinor: -6_500 } },
    sale(torn, behind),
    ...sound.map((id) => sale(whole, id)),
  ])
  const store = { url: shop.url } as OpenedCloud
  const pushed = await push(store, device.token, { batch: made.batch(1) })
  expect(pushed.status).toBe(200)
}

/** Goes to a screen as a click would. */
async function show(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
}

test('a sale that nobody can read holds back its own session, and nothing else', async () => {
  await tradeOnADevice()
  for (const url of [shop.url, chain.cloud.url]) {
    for (const id of sound) await expect.poll(() => isIn(url, id), eventually).toBe(true)
    expect(await isIn(url, behind)).toBe(false)
  }
})

test('the owner sees where every shop stands, and what is parked', async () => {
  const { page, faults, close } = await openOffice(browser, { url: chain.cloud.url })
  await logInByPassword(page, owner)
  await show(page, 'Sync')
  const shops = page.getByRole('table', { name: 'Shops and tills' })
  await shops.getByRole('row', { name: /Ari/ }).getByText('please look').waitFor()
  // Four of the till, and one that the store server sealed when it enrolled it.
  await shops.getByText('5 of 5 facts are in the cloud').first().waitFor()
  await page.getByRole('link', { name: 'Show what is parked' }).first().click()
  await page.getByRole('heading', { name: 'Needs attention' }).waitFor()
  const fact = page.getByRole('listitem').filter({ hasText: 'Sale RCP-' })
  expect(await fact.textContent()).toContain('Its content is broken')
  expect(await fact.textContent()).toContain('Till 1 of Ari')
  expect(await fact.textContent()).toContain('1 fact waits behind it.')
  await fact.getByText('What it says').click()
  expect(await fact.locator('pre').textContent()).toContain('"totalMinor": -6500')
  expect(faults()).toEqual([])
  await close()
})

const looks = [
  { scheme: 'light', size: { width: 1280, height: 800 } },
  { scheme: 'dark', size: { width: 1280, height: 800 } },
  { scheme: 'light', size: { width: 390, height: 844 }, locale: 'th-TH' },
] as const

test.for(looks)('no barrier stands before it: $scheme, $size.width px', async (look) => {
  const { page, close } = await openOffice(browser, { url: chain.cloud.url, ...look })
  await logInByPassword(page, owner)
  const found: string[] = []
  for (const path of ['sync', 'attention']) {
    await page.locator(`nav a[href*="/office/${path}"]`).click()
    await page.locator('main').getByRole('heading', { level: 2 }).first().waitFor()
    await expect
      .poll(() => page.locator('.shimmer').count(), { timeout: 20_000, interval: 20 })
      .toBe(0)
    found.push(...(await findBarriers(page)).map((line) => `${path} ${line}`))
    const wider = await page.evaluate(() => document.body.scrollWidth - window.innerWidth)
    expect(wider, `${path} is wider than the screen`).toBeLessThanOrEqual(0)
  }
  await page.getByRole('button', { name: look.size.width === 390 ? /ปิดเรื่อง/ : /Settle/ }).click()
  await page.getByRole('dialog').waitFor()
  found.push(...(await findBarriers(page)).map((line) => `dialog ${line}`))
  expect(found).toEqual([])
  await close()
})

test('the owner settles it with a note: it is gone, and what waited went on, in shop and cloud', async () => {
  const { page, faults, close } = await openOffice(browser, { url: chain.cloud.url })
  await logInByPassword(page, owner)
  await show(page, 'Attention')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Nothing went through; it stays parked.').waitFor()
  await page.getByRole('button', { name: 'Settle …' }).click()
  const dialog = page.getByRole('dialog')
  const confirm = dialog.getByRole('button', { name: 'Settle', exact: true })
  expect(await confirm.isDisabled(), 'a reason is asked for').toBe(true)
  await dialog
    .getByLabel('Why, and where the evidence lies')
    .fill('Typed again as RCP-261121-010002')
  await confirm.click()
  await page.getByText('Settled; 1 fact went on.').waitFor()
  await page.getByText('No fact is parked.').waitFor()
  for (const url of [chain.cloud.url, shop.url]) {
    await expect.poll(() => isIn(url, behind), eventually).toBe(true)
  }
  await show(page, 'Sync')
  const ari = page.getByRole('table', { name: 'Shops and tills' }).getByRole('row', { name: /Ari/ })
  await ari.getByText('well').waitFor({ timeout: 30_000 })
  expect(faults()).toEqual([])
  await close()
})
