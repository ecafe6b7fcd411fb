import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildWebApps } from '@tillkeeper/chain/build-web-apps.ts'
import type { ChainPlan } from '@tillkeeper/chain/plan.ts'
import { removeChain } from '@tillkeeper/chain/remove-chain.ts'
import {
  type Chain,
  type ChainServer,
  type ChainStore,
  startChain,
} from '@tillkeeper/chain/start-chain.ts'
import type { RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import type { GloryServer } from '@tillkeeper/devices/cash-recycler/simulator/glory-server.ts'
import { worthInside } from '@tillkeeper/devices/cash-recycler/simulator/machine-model.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  addressOf,
  bookedInside,
  insertNote,
  openHands,
  startMachine,
  takeMoney,
  truthInside,
} from './machine-hands.ts'
import {
  findBarriers,
  logInByPassword,
  type OfficePage,
  openBrowser,
  openOffice,
} from './office-browser.ts'
import { cashier, manager, officePlan, owner } from './office-plan.ts'
import { count, openPage, scan, setUp, signIn, type TillPage, waitForUnsent } from './till-page.ts'

// A cash machine on a shop's counter, by its screens: what hands do at the machine's own page is seen at the till, in
// the shop's office and in the cloud's; and whatever went wrong, its books come to the pieces that lie in it.
// `MACHINE_PICTURES=1` writes docs/pictures.

const coffee = { name: 'Coffee', priceMinor: 4_500, barcode: '8850000000011' } as const
const cake = { name: 'Coconut cake', priceMinor: 9_500, barcode: '8850000000028' } as const
const bread = { name: 'Sourdough', priceMinor: 12_000, barcode: '8850000000035' } as const
const [ari] = officePlan.shops
if (ari === undefined) throw new Error('the plan has a shop')
const plan: ChainPlan = {
  ...officePlan,
  name: 'Machine',
  shops: [{ ...ari, tills: ['Counter'] }],
  products: [coffee, cake, bread].map(({ name, priceMinor, barcode }, index) => ({
    ...{ code: `B${index + 1}`, name, category: 'Counter', priceMinor, currency: 'THB' },
    ...{ vatBasisPoints: 700, barcodes: [barcode] },
  })),
}

/** What servers, their tables and a screen need to follow, on a machine that is busy. */
const patience = { timeout: 60_000, interval: 100 }
const within = { timeout: patience.timeout }

let folder = ''
let chain: Chain
let store: ChainStore
let machine: GloryServer
let browser: Browser
let hands: Page
let shop: OfficePage
let cloud: OfficePage
let till: TillPage

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillkeeper-machine-'))
  await buildWebApps()
  machine = await startMachine()
  browser = await openBrowser()
  chain = await startChain({ dataDir: join(folder, 'chain'), plan, env: process.env })
  const [first] = chain.stores
  if (first === undefined) throw new Error('the chain has a shop')
  store = first
  hands = await openHands(browser, machine)
  shop = await openOffice(browser, { url: store.url })
  cloud = await openOffice(browser, { url: chain.cloud.url })
  for (const { page } of [shop, cloud]) page.setDefaultTimeout(patience.timeout)
})
afterAll(async () => {
  await browser?.close()
  await chain?.stop()
  await machine?.close()
  await removeChain(join(folder, 'chain')).catch(() => undefined)
  await rm(folder, { recursive: true, force: true })
})

async function ask<Reply>(path: string, at: ChainServer = store): Promise<Reply> {
  const reply = await fetch(`${at.url}${path}`, {
    headers: { authorization: `Bearer ${chain.apiKey}` },
  })
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`)
  return reply.json() as Promise<Reply>
}

async function machineAt(at: ChainServer): Promise<RecyclerView> {
  const { items } = await ask<{ items: readonly RecyclerView[] }>('/v1/recyclers', at)
  const [first] = items
  if (first === undefined || items.length > 1) throw new Error(`${items.length} machines`)
  return first
}

/** The books of shop and cloud come to what lies in the machine, piece by piece. */
async function expectBooksAreTrue(): Promise<void> {
  for (const at of [store, chain.cloud]) {
    await expect
      .poll(async () => bookedInside(await machineAt(at)), patience)
      .toEqual(truthInside(machine))
  }
}

type SaleSeen = { readonly totalMinor: number; readonly id: string }
type SaleWhole = {
  readonly totalMinor: number
  readonly tenders: readonly {
    readonly method: string
    readonly givenMinor: number
    readonly attemptId?: string
  }[]
  readonly changeMinor: number
}

/** The sales of shop and cloud, by their totals and how each was paid. */
async function expectSales(sales: readonly (readonly [number, string])[]): Promise<void> {
  for (const at of [store, chain.cloud]) {
    const read = async () => {
      const { items } = await ask<{ items: readonly SaleSeen[] }>('/v1/sales?limit=50', at)
      const whole = items.map(({ id }) => ask<SaleWhole>(`/v1/sales/${id}`, at))
      return (await Promise.all(whole))
        .map(({ totalMinor, tenders }) => [totalMinor, tenders[0]?.method])
        .toReversed()
    }
    await expect.poll(read, patience).toEqual(sales)
  }
}

const pictures = new URL('../docs/pictures/', import.meta.url).pathname

/** Takes the screen as it is for the documents, if asked to, once what it says in passing is gone. */
async function picture(page: Page, name: string): Promise<void> {
  if (process.env.MACHINE_PICTURES === undefined) return
  await mkdir(pictures, { recursive: true })
  await page.mouse.move(0, 0)
  for (const said of ['It counts itself', 'It resets itself', 'Booked as you said']) {
    await page.getByText(said, { exact: true }).waitFor({ state: 'hidden' })
  }
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((motion) => motion.finished.catch(() => undefined))),
  )
  await page.screenshot({ path: join(pictures, `${name}.png`) })
}

async function show(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
}

const atTill = (selector: string) => till.page.locator(selector)
const stateOfTill = (state: string) => atTill(`[data-machine-state="${state}"]`).waitFor(within)
const inserted = (minor: number) =>
  atTill(`[data-machine=inserted][data-minor="${minor}"]`).waitFor(within)

/** Scans goods, and asks the machine to take what they cost. */
async function askMachine(goods: readonly (typeof coffee | typeof cake | typeof bread)[]) {
  const { page } = till
  let totalMinor = 0
  for (const { barcode, priceMinor } of goods) {
    await scan(page, barcode)
    totalMinor += priceMinor
    await atTill(`[data-total="${totalMinor}"]`).waitFor(within)
  }
  await page.keyboard.press('F8')
  await atTill('[data-machine=method]:enabled').waitFor(within)
  await page.keyboard.press('F4')
  await stateOfTill('working')
}

test('a manager registers a machine in the shop, and books what it holds at first', async () => {
  const { page } = shop
  await page.getByRole('button', { name: 'Use staff number and PIN' }).click()
  await page.getByLabel('Staff number').fill(manager.number)
  await page.getByLabel('PIN', { exact: true }).fill(manager.pin)
  await page.locator('button[type=submit]').click()
  await show(page, 'Machines')
  await page.getByRole('button', { name: 'Register a machine' }).first().click()
  const form = page.getByRole('dialog', { name: 'Register a machine' })
  await form.getByLabel('Name').fill('Counter')
  await form.getByLabel('Address').fill(addressOf(machine))
  await form.getByLabel('User at the machine').fill('glory')
  await form.getByLabel('Password at the machine').fill('glory')
  await form.getByRole('button', { name: '1 · Counter' }).click()
  await form.getByRole('button', { name: 'Save' }).click()
  await form.waitFor({ state: 'hidden' })
  await page.getByRole('link', { name: /Counter/ }).click()
  await page.locator('[data-live=idle]').waitFor(within)
  await page.getByRole('button', { name: 'Count and book' }).first().click()
  const counts = page.getByRole('dialog', { name: 'Count and book' })
  await counts.getByLabel('Reason').fill('First count')
  await counts.getByRole('button', { name: 'Book this count' }).click()
  await counts.waitFor({ state: 'hidden' })
  await expectBooksAreTrue()
})

test('a sale is paid with notes put in at the machine, and seen live in the cloud', async () => {
  await logInByPassword(cloud.page, owner)
  await show(cloud.page, 'Machines')
  await cloud.page.getByRole('link', { name: /Counter/ }).click()
  const slot = (face: number, pieces: number) =>
    cloud.page.locator(`[data-unit=recycling][data-face="${face}"][data-pieces="${pieces}"]`)
  await slot(10_000, 58).waitFor(within)
  await slot(2_000, 11).waitFor(within)
  // A page that is loaded again forgets this.
  await cloud.page.evaluate(() => Object.assign(window, { stays: true }))

  till = await openPage(browser, store.url)
  const { page } = till
  page.setDefaultTimeout(patience.timeout)
  await setUp(page, 'Counter')
  await signIn(page, cashier)
  await page.getByRole('heading', { name: 'Count the float' }).waitFor()
  await count(page, { '10': 20 })
  await page.getByRole('button', { name: 'Open the till' }).click()
  await page.getByRole('region', { name: 'Cart' }).waitFor()

  const before = worthInside(machine.fcc.machine)
  await askMachine([bread, cake])
  await inserted(0)
  await insertNote(hands, '100')
  await inserted(100_00)
  await insertNote(hands, '100')
  await inserted(200_00)
  await picture(page, 'machine-pay-en')
  await picture(hands, 'machine-hands-en')
  await insertNote(hands, '100')
  // 50 + 20 + 10 + 5, of which the notes wait for a hand.
  await takeMoney(hands)
  await atTill('[data-machine=change-given][data-minor="8500"]').waitFor(within)
  expect(worthInside(machine.fcc.machine) - before).toBe(215_00)
  await atTill('[data-ack=acknowledged]').waitFor(within)
  await page.evaluate(() => {
    window.print = () => {
      const printed = document.querySelector('#print-root pre')?.textContent
      Object.assign(window, { printed })
    }
  })
  await page.keyboard.press('F10')
  const printed = () => page.evaluate(() => String(Reflect.get(window, 'printed')))
  await expect.poll(printed, patience).toMatch(/Cash machine\s+215\.00/)
  await picture(page, 'machine-paid-en')
  await page.keyboard.press('Enter')
  await expectBooksAreTrue()
  await expectSales([[215_00, 'machine']])

  await slot(10_000, 61).waitFor(within)
  await slot(2_000, 10).waitFor(within)
  await cloud.page.locator('[data-face="2000"][data-level=near_empty]').waitFor(within)
  await slot(500, 0).waitFor(within)
  expect(await cloud.page.evaluate(() => 'stays' in window)).toBe(true)
})

test('one is cancelled in the middle, the money comes back, and it is paid by drawer, in Thai', async () => {
  const { page } = till
  await chooseLanguage('ไทย')
  const before = truthInside(machine)
  await askMachine([coffee, cake])
  await insertNote(hands, '100')
  await inserted(100_00)
  await picture(page, 'machine-pay-th')
  await page.keyboard.press('Escape')
  await takeMoney(hands)
  await stateOfTill('not_done')
  await payByDrawer('140')
  expect(truthInside(machine)).toEqual(before)
  await expectBooksAreTrue()
  await expectSales([
    [215_00, 'machine'],
    [140_00, 'cash'],
  ])
  await chooseLanguage('English')
})

test('with too little change the till shows the ways out, and one is taken', async () => {
  const before = truthInside(machine)
  await askMachine([coffee])
  await insertNote(hands, '50')
  await stateOfTill('short')
  await atTill('[data-machine-key=cancel]').waitFor(within)
  await picture(till.page, 'machine-short-en')
  await atTill('[data-machine-key=end_short]').click()
  await takeMoney(hands)
  await stateOfTill('not_done')
  await payByDrawer('45')
  expect(truthInside(machine)).toEqual(before)
  await expectBooksAreTrue()
})

/** Lets the customer pay with cash after all, of an attempt that moved nothing. */
async function payByDrawer(amount: string): Promise<void> {
  const { page } = till
  await page.keyboard.press('Enter')
  await atTill('[data-machine=method]:enabled').waitFor(within)
  await page.keyboard.type(amount, { delay: 2 })
  await page.keyboard.press('Enter')
  await atTill('[data-ack=acknowledged]').waitFor(within)
  await page.keyboard.press('Enter')
  await page.getByRole('region', { name: /Cart|ตะกร้า/ }).waitFor(within)
}

async function chooseLanguage(name: 'ไทย' | 'English'): Promise<void> {
  const { page } = till
  await page.keyboard.press('F7')
  await page.getByRole('button', { name, exact: true }).click()
  await page.keyboard.press('Escape')
}

test('a jam with part of the change paid is resolved by a manager, and the books are true', async () => {
  const { page } = till
  const before = worthInside(machine.fcc.machine)
  await show(cloud.page, 'Machines')
  await cloud.page.locator('[data-condition=ready]').waitFor(within)
  await hands.getByRole('button', { name: 'Jam after one piece given' }).click()
  await askMachine([bread])
  await insertNote(hands, '100')
  await inserted(100_00)
  await insertNote(hands, '100')
  // Fifty came out; the twenty sticks.
  await takeMoney(hands, 'Error: needs a person')
  await cloud.page.locator('[data-alerts~=jam][data-alerts~=unresolved]').waitFor(within)
  await picture(cloud.page, 'machine-cloud-en')
  await stateOfTill('unresolved')
  await picture(page, 'machine-jam-en')
  for (const at of [store, chain.cloud]) {
    await expect
      .poll(() => kindsOfExceptions(at), patience)
      .toEqual(['recycler_near_empty', 'recycler_stopped', 'recycler_unresolved'])
  }

  // The sale waits, and the next customer is served.
  await atTill('[data-machine-key=aside]').click()
  await atTill('[data-machine=strip]').waitFor(within)

  const { page: office } = shop
  await office.locator('[data-alert=jam]').waitFor(within)
  await picture(office, 'machine-jam-office-en')
  await office.locator('[data-alert=jam]').getByRole('button', { name: 'Reset' }).click()
  await office.getByRole('dialog', { name: 'Reset' }).getByRole('button', { name: 'Reset' }).click()
  await office.locator('[data-alert=verify]').getByRole('button').click()
  const verify = office.getByRole('dialog', { name: 'Let it count itself' })
  await verify.getByRole('button', { name: 'Let it count itself' }).click()
  await office.locator('[data-live=idle]').waitFor(within)
  await office.locator('[data-alert=unresolved]').getByRole('button').click()
  const evidence = office.getByRole('dialog', { name: 'Work of the machine' })
  await evidence.getByText('Nok').first().waitFor(within)
  await evidence.getByRole('button', { name: 'Say how it ended' }).click()
  const resolve = office.getByRole('dialog', { name: 'Say how it ended' })
  await resolve.locator('[data-proposal=stock]').waitFor(within)
  await resolve.locator('[data-kept="15000"]').waitFor(within)
  await resolve.getByRole('checkbox').check()
  await resolve.getByLabel('Reason').fill('A twenty stuck in the transport; the customer got fifty')
  await picture(office, 'machine-resolve-en')
  await resolve.getByRole('button', { name: 'Book it so' }).click()
  await resolve.waitFor({ state: 'hidden' })
  await evidence.locator('[data-ending=done]').waitFor(within)
  await evidence.getByRole('button', { name: 'Close' }).click()

  // What it kept too much of is change out of the drawer.
  await atTill('[data-machine=strip]').getByRole('button', { name: 'Complete the sale' }).click()
  await atTill('[data-change-due="3000"]').waitFor(within)
  await picture(page, 'machine-kept-en')
  await page.keyboard.press('Enter')
  expect(worthInside(machine.fcc.machine) - before).toBe(150_00)
  await expectBooksAreTrue()
  await expectSales([
    [215_00, 'machine'],
    [140_00, 'cash'],
    [45_00, 'cash'],
    [120_00, 'machine'],
  ])
  // The small change is still low; nothing else asks for anybody.
  for (const at of [store, chain.cloud]) {
    await expect.poll(() => kindsOfExceptions(at), patience).toEqual(['recycler_near_empty'])
  }
})

async function kindsOfExceptions(at: ChainServer): Promise<readonly string[]> {
  const { items } = await ask<{ items: readonly { kind: string }[] }>('/v1/exceptions', at)
  return items.map(({ kind }) => kind).sort()
}

test('the drawer holds what was paid into it, and each screen is in order', async () => {
  await waitForUnsent(till.page, 0, patience.timeout)
  // 200 of float, 140 and 45 in cash, 30 of change that the machine kept too much of.
  for (const at of [store, chain.cloud]) {
    const read = async () => {
      const { items } = await ask<{ items: readonly Session[] }>('/v1/till-sessions', at)
      return items.map(({ expectedMinor }) => expectedMinor)
    }
    await expect.poll(read, patience).toEqual([355_00])
  }
  const { page } = cloud
  await page.locator('[data-condition=ready][data-alerts="empty near_empty"]').waitFor(within)
  expect(await page.evaluate(() => 'stays' in window)).toBe(true)
  await picture(shop.page, 'machine-office-en')
  for (const each of [page, shop.page]) expect(await findBarriers(each)).toEqual([])

  const look = { url: chain.cloud.url, locale: 'th-TH', scheme: 'dark' } as const
  const dark = await openOffice(browser, look)
  dark.page.setDefaultTimeout(patience.timeout)
  await logInByPassword(dark.page, owner)
  await show(dark.page, 'เครื่องรับจ่ายเงิน')
  await dark.page.getByRole('link', { name: /Counter/ }).click()
  await dark.page.locator('[data-unit=recycling][data-face="10000"]').waitFor()
  await picture(dark.page, 'machine-cloud-th-dark')
  expect(await findBarriers(dark.page, 'colours')).toEqual([])
  const faults = [...till.errors, ...shop.faults(), ...cloud.faults(), ...dark.faults()]
  expect(faults).toEqual([])
})
