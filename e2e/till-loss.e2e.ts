import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  breakToken,
  chainOf,
  copyBrowser,
  count,
  openPage,
  payCash,
  readUnsent,
  restoreBrowser,
  scan,
  setUp,
  signIn,
  waitForUnsent,
} from './till-page.ts'
import { bread, cake, cashier, coffee, smallPlan } from './till-plan.ts'
import { patience, type Story, startStory } from './till-story.ts'

// What a till goes through that lost something: its browser, its memory, its server's trust.

let story: Story

beforeAll(async () => {
  story = await startStory(smallPlan)
})

afterAll(() => story?.stop())

test('a till whose browser was lost goes on where it was', async () => {
  const lost = await openPage(story.browser, story.store.url)
  await setUp(lost.page, 'Lost')
  await signIn(lost.page, cashier)
  await count(lost.page, { '100': 5 })
  await lost.page.getByRole('button', { name: 'Open the till' }).click()
  await lost.page.getByRole('region', { name: 'Cart' }).waitFor()
  await scan(lost.page, coffee.barcodes[0] ?? '')
  await payCash(lost.page, '45')
  await waitForUnsent(lost.page, 0)
  await lost.page.context().close()

  const { page } = await openPage(story.browser, story.store.url)
  await setUp(page, 'Lost')
  await signIn(page, cashier)
  // The session is open still, and the receipts are counted on.
  await page.getByRole('region', { name: 'Cart' }).waitFor()
  await scan(page, cake.barcodes[0] ?? '')
  await payCash(page, '95')
  await waitForUnsent(page, 0)
  const tillId = await story.tillOf(1)
  await expect
    .poll(async () => (await story.sessionOf(tillId)).totals?.salesMinor, patience)
    .toBe(140_00)
  const session = await story.sessionOf(tillId)
  const numbers = (await story.salesOf(session)).map(({ receiptNumber }) => receiptNumber.slice(-6))
  expect(numbers.sort()).toEqual(['010001', '010002'])
  // A new browser never seals on in the stream of the old one.
  expect((await chainOf(page)).map(({ stream }) => /:(\d+)\./.exec(stream)?.[1])).toEqual(['2'])
  await page.context().close()
})

test('a browser that was restored from a copy begins a new stream and loses nothing', async () => {
  const { page } = await openPage(story.browser, story.store.url)
  await setUp(page, 'Copied')
  await signIn(page, cashier)
  await page.getByRole('button', { name: /Open with an empty drawer/ }).click()
  await page.getByRole('region', { name: 'Cart' }).waitFor()
  await scan(page, coffee.barcodes[0] ?? '')
  await payCash(page, '45')
  await waitForUnsent(page, 0)
  // A page beside the till that is no till: it copies what the browser keeps, and puts it back.
  const beside = await page.context().newPage()
  await beside.goto(`${story.store.url}/till/icon-192.png`)
  await beside.evaluate(copyBrowser)
  await page.keyboard.press('Enter')
  await scan(page, cake.barcodes[0] ?? '')
  await payCash(page, '95')
  await waitForUnsent(page, 0)
  await page.close()
  await beside.evaluate(restoreBrowser)

  // The copy does not know of the cake, and sells a bread in its place while nobody can tell.
  await story.store.kill()
  const copy = await beside.context().newPage()
  await copy.goto(`${story.store.url}/till/`)
  await signIn(copy, cashier)
  await copy.getByRole('region', { name: 'Cart' }).waitFor()
  await scan(copy, bread.barcodes[0] ?? '')
  await payCash(copy, '121')
  expect(await readUnsent(copy)).toBe(1)
  await story.store.start()
  await waitForUnsent(copy, 0)

  const tillId = await story.tillOf(2)
  await expect
    .poll(async () => (await story.sessionOf(tillId)).totals?.salesMinor, patience)
    .toBe(45_00 + 95_00 + 120_50)
  expect((await story.salesOf(await story.sessionOf(tillId))).length).toBe(3)
  // What the copy did not know came back, and what it sold itself went on in an epoch of its own.
  const held = async () =>
    (await chainOf(copy)).map(({ stream, seq }) => [/:([\d.]+)\//.exec(stream)?.[1], seq])
  await expect.poll(held, patience).toEqual([
    ['1.0', 3],
    ['2.0', 1],
  ])
  // Two receipts had one number while nobody could tell; no more do from here.
  await copy.keyboard.press('Enter')
  await scan(copy, coffee.barcodes[0] ?? '')
  await payCash(copy, '45')
  await copy
    .getByText(/RCP-\d{6}-020003/)
    .first()
    .waitFor()
  await copy.keyboard.press('Enter')
  await waitForUnsent(copy, 0)
  await copy.keyboard.press('F7')
  await copy.keyboard.press('8')
  await copy
    .getByText('The store server holds another history of this till.', { exact: false })
    .waitFor()
  await copy.context().close()
})

test('a device that the server refuses goes on selling, and is set up again with what it holds', async () => {
  const { page } = await openPage(story.browser, story.store.url)
  await setUp(page, 'Refused')
  await signIn(page, cashier)
  await page.getByRole('button', { name: /Open with an empty drawer/ }).click()
  await page.getByRole('region', { name: 'Cart' }).waitFor()
  await waitForUnsent(page, 0)
  const beside = await page.context().newPage()
  await beside.goto(`${story.store.url}/till/icon-192.png`)
  await page.close()
  await beside.evaluate(breakToken)

  const refused = await beside.context().newPage()
  await refused.goto(`${story.store.url}/till/`)
  await refused.getByText('does not accept this device any more', { exact: false }).waitFor()
  await signIn(refused, cashier)
  await refused.getByRole('region', { name: 'Cart' }).waitFor()
  await scan(refused, coffee.barcodes[0] ?? '')
  await payCash(refused, '45')
  expect(await readUnsent(refused)).toBe(1)
  await refused.getByTitle('Lock and switch cashier').click()
  await refused.getByRole('button', { name: 'Set up again' }).click()
  await setUp(refused, 'Refused')
  await signIn(refused, cashier)
  await refused.getByRole('region', { name: 'Cart' }).waitFor()
  await waitForUnsent(refused, 0)
  const tillId = await story.tillOf(3)
  await expect.poll(async () => (await story.sessionOf(tillId)).totals?.sales, patience).toBe(1)
  await refused.context().close()
})
