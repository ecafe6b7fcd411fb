import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildWebApps } from '@tillkeeper/chain/build-web-apps.ts'
import { type Link, layLink } from '@tillkeeper/chain/link.ts'
import type { ChainPlan } from '@tillkeeper/chain/plan.ts'
import { removeChain } from '@tillkeeper/chain/remove-chain.ts'
import { type Chain, type ChainStore, startChain } from '@tillkeeper/chain/start-chain.ts'
import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import type { Product, Till } from '@tillkeeper/client/api/shapes.ts'
import { type Answer, type Client, createClient, logIn } from '@tillkeeper/client/client.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBarriers, logInByPassword, openBrowser, openOffice } from './office-browser.ts'
import { cashier, manager, officePlan, owner } from './office-plan.ts'

// A manager's evening: two cashiers count blind, one is 100 short, of one a drop lies in no safe. The manager
// explains, verifies, seals the deposit and prints Z, with the line to the cloud cut all the while; then
// it heals, and the owner sees the evening in the cloud. `EVENING_PICTURES=1` writes docs/pictures.

const second = { number: '12', pin: '121212' } as const
const [ariPlan] = officePlan.shops
if (ariPlan === undefined) throw new Error('the plan has a shop')
/** Where it is about noon: so that no story is told across midnight. */
function zoneOfNoon(): string {
  const ahead = 12 - new Date().getUTCHours()
  // The sign of these names is the other way about.
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`
}
const plan: ChainPlan = {
  ...officePlan,
  name: 'Evening',
  shops: [
    {
      ...ariPlan,
      timeZone: zoneOfNoon(),
      people: [...ariPlan.people, { name: 'Lek', role: 'cashier', language: 'th', ...second }],
    },
  ],
}

let folder = ''
let chain: Chain
let store: ChainStore
let browser: Browser
let line: Link

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillkeeper-evening-'))
  await buildWebApps()
  chain = await startChain({
    dataDir: join(folder, 'chain'),
    plan,
    cloudUrlFor: async (cloudUrl) => {
      line = await layLink(Number(new URL(cloudUrl).port))
      return `http://127.0.0.1:${line.port}`
    },
  })
  const [first] = chain.stores
  if (first === undefined) throw new Error('the chain has a shop')
  store = first
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await chain?.stop()
  await line?.stop()
  await removeChain(join(folder, 'chain')).catch(() => undefined)
  await rm(folder, { recursive: true, force: true })
})

function told<Reply>(answer: Answer<Reply>): Reply {
  if (!answer.ok) throw new Error(JSON.stringify(answer.failure))
  return answer.reply
}

const list = async <Item>(api: Client, path: string) =>
  told(await api.get<{ items: readonly Item[] }>(path)).items

/** A cashier's day at a till: a float, sales in cash, a drop, and a blind count. */
async function work(
  person: { readonly number: string; readonly pin: string },
  { nth, missing, drop }: { readonly nth: number; readonly missing: number; readonly drop: number },
): Promise<Session> {
  const api = told(await logIn({ baseUrl: store.url }, { path: '/v1/auth/pin', body: person }))
  const till = (await list<Till>(api, '/v1/tills'))[nth]
  const [coffee] = await list<Product>(api, '/v1/products?q=Coffee')
  const opening = { id: makeId(), tillId: till?.id, currency: 'THB', floatMinor: 1_000_00 }
  const session = told(await api.post<Session>('/v1/till-sessions', opening))
  for (let sold = 0; sold < 4; sold += 1) {
    const sale = {
      ...{ id: makeId(), sessionId: session.id, currency: 'THB' },
      lines: [{ productId: coffee?.id, quantity: 10_000 }],
      tenders: [{ method: 'cash', givenMinor: 500_00 }],
    }
    told(await api.post('/v1/sales', sale))
  }
  const moved = { id: makeId(), kind: 'drop', amountMinor: drop, note: `envelope ${nth + 1}` }
  told(await api.post(`/v1/till-sessions/${session.id}/movements`, moved))
  const before = told(await api.get<Session>(`/v1/till-sessions/${session.id}`))
  expect(before.expectedMinor, 'who counts does not see what should be there').toBeNull()
  // 1,000.00 and four sales of 450.00, less the drop.
  const countedMinor = 2_800_00 - drop - missing
  const close = { id: makeId(), countedMinor }
  return told(await api.post<Session>(`/v1/till-sessions/${session.id}/close`, close))
}

async function logInByPin(page: Page, person: { number: string; pin: string }): Promise<void> {
  await page.getByRole('button', { name: 'Use staff number and PIN' }).click()
  await page.getByLabel('Staff number').fill(person.number)
  await page.getByLabel('PIN', { exact: true }).fill(person.pin)
  await page.locator('button[type=submit]').click()
}

async function show(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
}

const pictures = new URL('../docs/pictures/', import.meta.url).pathname

/** Takes the screen as it is for the documents, if asked to. */
async function picture(page: Page, name: string): Promise<void> {
  if (process.env.EVENING_PICTURES === undefined) return
  await mkdir(pictures, { recursive: true })
  await page.waitForTimeout(400)
  await page.screenshot({ path: join(pictures, `${name}.png`) })
}

let shortSession: Session
let dropSession: Session

test('two cashiers count blind while the line is cut', async () => {
  line.cut()
  shortSession = await work(cashier, { nth: 0, missing: 100_00, drop: 1_000_00 })
  // 300.00 went into the safe, and nobody entered it.
  dropSession = await work(second, { nth: 1, missing: 300_00, drop: 500_00 })
  expect(shortSession.close?.varianceMinor).toBe(-100_00)
  expect(dropSession.close?.varianceMinor).toBe(-300_00)
})

test('the manager explains, verifies and prints Z, without the internet', async () => {
  const { page, faults, close } = await openOffice(browser, { url: store.url })
  await logInByPin(page, manager)
  await show(page, 'Evening')
  await page.getByText('4 left to do').waitFor()
  await page.getByText(/^No internet/).waitFor({ timeout: 30_000 })
  await picture(page, 'evening-en')

  // One is short, and nobody knows why.
  await page.getByRole('link', { name: /Till 1 · Nok/ }).click()
  await page.getByRole('button', { name: 'Verify session' }).click()
  await page.getByText('The difference is above the tolerance: explain it first.').waitFor()
  await page.getByRole('button', { name: 'Explain the difference' }).click()
  await page.getByLabel('What it was').selectOption('unknown')
  await page.getByLabel('Note').fill('Counted twice; camera shows nothing')
  await picture(page, 'evening-explain-en')
  await page.getByRole('button', { name: 'Save explanation' }).click()
  await page.getByText('Still not found:').waitFor()
  await page.getByRole('button', { name: 'Verify session' }).click()
  await page.getByText('Verified by Somchai').waitFor()

  // Of the other the drop lies in the safe: it is booked there.
  await show(page, 'Evening')
  await page.getByRole('link', { name: /Till 2 · Lek/ }).click()
  await page.getByRole('button', { name: 'Explain the difference' }).click()
  await page.getByLabel('Where the cash is').selectOption('safe')
  await page.getByLabel('Note').fill('Envelope without a slip, 300 in it')
  await page.getByRole('button', { name: 'Save explanation' }).click()
  await page.getByText('All of it is booked where it belongs.').waitFor()
  await page.getByRole('button', { name: 'Verify session' }).click()
  await page.getByText('Verified by Somchai').waitFor()
  await picture(page, 'evening-session-en')

  // Z, as it prints.
  await page.evaluate(() => {
    window.print = () => Object.assign(window, { printed: true })
  })
  await page.getByRole('heading', { name: 'Z report' }).waitFor()
  const paper = page.locator('[data-print=paper]')
  expect(await paper.textContent()).toContain('Shortage')
  await page.getByRole('button', { name: 'Print' }).click()
  expect(await page.evaluate(() => 'printed' in window)).toBe(true)

  // Each drop is counted in the safe and signed for.
  await show(page, 'Evening')
  for (const [envelope, counted] of [
    ['envelope 1', '1000'],
    ['envelope 2', '500'],
  ] as const) {
    const drop = page.getByRole('listitem').filter({ hasText: envelope })
    await drop.getByRole('button', { name: 'Sign' }).click()
    await page.getByLabel('Counted in the safe').fill(counted)
    const asks = page.getByRole('dialog', { name: 'Sign for a drop' })
    await asks.getByRole('button', { name: 'Sign' }).click()
    await asks.waitFor({ state: 'hidden' })
  }
  await page.getByText('The day is done.').waitFor()
  await picture(page, 'evening-done-en')
  expect(await findBarriers(page)).toEqual([])
  expect(faults()).toEqual([])
  await close()
})

test('the deposit is sealed in a bag, and the evening shows it on its way', async () => {
  const api = told(await logIn({ baseUrl: store.url }, { path: '/v1/auth/pin', body: manager }))
  const cash = [{ currency: 'THB', minor: 3_000_00 }]
  told(await api.post('/v1/bags', { id: makeId(), number: 'A-1701', cash }))
  const { page, close } = await openOffice(browser, { url: store.url })
  await logInByPin(page, manager)
  await show(page, 'Evening')
  const safe = page.getByRole('table', { name: 'For the bank' })
  expect(await safe.getByRole('row', { name: /Bag/ }).textContent()).toContain('3,000.00')
  await close()
})

test('the safe has what was found, and the counts stay what they were', async () => {
  const api = told(await logIn({ baseUrl: store.url }, { path: '/v1/auth/pin', body: manager }))
  for (const session of [shortSession, dropSession]) {
    const now = told(await api.get<Session>(`/v1/till-sessions/${session.id}`))
    expect(now.state).toBe('verified')
    expect(now.close).toEqual(session.close)
  }
  const cash = await list<{ kind: string; balanceMinor: number }>(api, '/v1/cash/locations')
  const held = (kind: string) => cash.find((place) => place.kind === kind)?.balanceMinor
  // 100.00 of the one stays short; the 300.00 of the other are in the safe.
  expect(held('over_short')).toBe(100_00)
})

test('when the line is back the owner sees the evening in the cloud, in Thai too', async () => {
  const cloud = createClient({
    baseUrl: chain.cloud.url,
    credentials: { kind: 'key', key: chain.apiKey },
  })
  expect((await cloud.get(`/v1/till-sessions/${dropSession.id}`)).ok).toBe(false)
  line.heal()
  const state = async () => {
    const answer = await cloud.get<Session>(`/v1/till-sessions/${dropSession.id}`)
    return answer.ok ? answer.reply.state : 'unknown'
  }
  await expect.poll(state, { timeout: 60_000, interval: 200 }).toBe('verified')
  const thai = { url: chain.cloud.url, locale: 'th-TH' } as const
  const { page, faults, close } = await openOffice(browser, thai)
  await logInByPassword(page, owner)
  await show(page, 'ปิดวัน')
  await page.getByText('ปิดวันเรียบร้อยแล้ว').waitFor()
  await picture(page, 'evening-cloud-th')
  await page.getByRole('link', { name: /Lek/ }).click()
  await page.getByText('ตรวจสอบโดย Somchai').waitFor()
  // The cloud's office reads; the shop's people look.
  expect(await page.getByRole('button', { name: 'ชี้แจงผลต่าง' }).count()).toBe(0)
  await picture(page, 'evening-session-th')
  await show(page, 'รายงาน')
  await picture(page, 'evening-reports-th')
  await show(page, 'ใบเสร็จ')
  await picture(page, 'evening-receipts-th')
  expect(await findBarriers(page)).toEqual([])
  expect(faults()).toEqual([])
  await close()
})
