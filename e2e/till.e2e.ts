import { AxeBuilder } from '@axe-core/playwright'
import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import type { Sale, SyncStatus } from '@tillkeeper/client/api/shapes.ts'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  chainOf,
  count,
  openPage,
  payCash,
  readUnsent,
  scan,
  setUp,
  sign,
  signIn,
  waitForUnsent,
} from './till-page.ts'
import { bread, cake, cashier, coffee, manager, owner, plan, productCount } from './till-plan.ts'
import { patience, type Story, startStory } from './till-story.ts'

// Days at a till: a real chain, a real Chromium, and a store server that is killed in the middle.

/** What a finger needs, in CSS pixels. */
const touchMin = 48

let story: Story

beforeAll(async () => {
  story = await startStory(plan)
})

afterAll(() => story?.stop())

/** Nothing that axe finds, text with a contrast of 7 (4.5 where it is large), and room for fingers. */
async function expectNoViolations(page: Page, where: string): Promise<void> {
  const contrast = { rules: { 'color-contrast-enhanced': { enabled: true } } }
  // In one page there are no frames to gather from, for which it would open a page more each time.
  const axe = new AxeBuilder({ page }).setLegacyMode()
  const { violations } = await axe.options(contrast).analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join()}`)
  expect(found, `axe on ${where}`).toEqual([])
  const small = await page.evaluate((min) => {
    const targets = [...document.querySelectorAll('button, input, select')]
    return targets
      .filter((element) => element.checkVisibility() && element.closest('.sr-only') === null)
      .map((element) => ({ box: element.getBoundingClientRect(), html: element.outerHTML }))
      .filter(({ box }) => box.width > 0 && (box.height < min || box.width < min))
      .map(({ box, html }) => `${box.width} × ${box.height}: ${html.slice(0, 120)}`)
  }, touchMin)
  expect(small, `targets on ${where}`).toEqual([])
}

test('a shop sells while its server is down, and nothing is lost or doubled', async () => {
  const { page, errors } = await openPage(story.browser, story.store.url)
  await setUp(page, 'Day')
  await signIn(page, cashier)
  await page.getByRole('heading', { name: 'Count the float' }).waitFor()
  await count(page, { '100': 10, '20': 25 })
  await page.getByRole('button', { name: 'Open the till' }).click()
  await page.getByRole('region', { name: 'Cart' }).waitFor()

  // Online: three times coffee by a typed quantity and a scan, and a cake.
  await page.keyboard.type('3*', { delay: 130 })
  await scan(page, coffee.barcodes[0] ?? '')
  await scan(page, cake.barcodes[0] ?? '')
  await page.locator('[data-total="23000"]').waitFor()
  await payCash(page, '500')
  await page.locator('[data-change-due="27000"]').waitFor()
  await page.locator('[data-ack="acknowledged"]').waitFor()
  expect(await page.getByText('*** OFFLINE').count()).toBe(0)
  await waitForUnsent(page, 0)

  // The next scan begins the next cart; the change stays in its corner.
  await scan(page, bread.barcodes[0] ?? '')
  await page.locator('[data-total="12050"]').waitFor()
  await page.locator('[data-change="27000"]').waitFor()
  await page.evaluate(() => navigator.serviceWorker.ready)

  await story.store.kill()
  await payCash(page, '150')
  await page.locator('[data-ack="not_yet"]').waitFor()
  expect(await page.getByText('OFFLINE', { exact: false }).count()).toBeGreaterThan(0)
  expect(await readUnsent(page)).toBe(1)
  await page
    .getByText(/kept here, will be sent/)
    .first()
    .waitFor()

  // The page is loaded again with nobody to serve it: cart and unsent sale are as they were.
  await page.keyboard.press('Enter')
  await scan(page, coffee.barcodes[0] ?? '')
  await page.locator('[data-total="4500"]').waitFor()
  await page.reload()
  await signIn(page, cashier)
  await page.locator('[data-total="4500"]').waitFor()
  await waitForUnsent(page, 1)
  await payCash(page, '50')
  await waitForUnsent(page, 2)

  // The server is back, and nobody does anything.
  await story.store.start()
  await waitForUnsent(page, 0)

  const tillId = await story.tillOf(1)
  // Acknowledged is journalled; the tables follow in a moment.
  await expect.poll(async () => (await story.sessionOf(tillId)).totals?.sales, patience).toBe(3)
  const open = await story.sessionOf(tillId)
  const sales = await story.salesOf(open)
  expect(sales.map(({ totalMinor }) => totalMinor).sort((a, b) => a - b)).toEqual([
    45_00, 120_50, 230_00,
  ])
  expect(new Set(sales.map(({ receiptNumber }) => receiptNumber.slice(-6)))).toEqual(
    new Set(['010001', '010002', '010003']),
  )
  expect(open.totals).toMatchObject({ sales: 3, salesMinor: 395_50, cashInMinor: 395_50 })

  // Two of three coffees come back, in two steps; the last cent of the line is not there yet.
  await page.keyboard.press('F7')
  await page.keyboard.press('1')
  await page.getByLabel('Receipt number').fill('10001')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /RCP-/ }).waitFor()
  await page.getByRole('button', { name: `One more: ${coffee.name}` }).click()
  await page.getByRole('button', { name: `One more: ${coffee.name}` }).click()
  await page.getByRole('button', { name: 'Not wanted' }).click()
  await page.getByRole('button', { name: /^Pay back ฿90.00/ }).click()
  await page.locator('[data-refunded="9000"]').waitFor()
  await waitForUnsent(page, 0)
  const first = sales.find(({ totalMinor }) => totalMinor === 230_00)
  const readSale = () => story.ask<Sale>(`/v1/sales/${first?.id}`)
  await expect.poll(async () => (await readSale()).refundedMinor, patience).toBe(90_00)
  const sale = await readSale()
  expect(sale.refunds.map(({ lines }) => lines.map(({ quantity }) => quantity))).toEqual([[2_000]])

  // 1,500.00 float + 395.50 − 90.00 = 1,805.50; there is 1,800.00.
  await page.keyboard.press('Enter')
  await page.keyboard.press('F7')
  await page.keyboard.press('9')
  await page.getByRole('heading', { name: 'Count the drawer' }).waitFor()
  expect(await page.getByText('1,805.50').count()).toBe(0)
  await count(page, { '100': 13, '20': 25 })
  await page.getByRole('button', { name: 'Close the till' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Close the till' }).click()
  // It differs: it is asked for once more, and nothing says by how much.
  await page.getByText('Count everything once more.').waitFor()
  expect(await page.getByText('1,805.50').count()).toBe(0)
  await count(page, { '100': 13, '20': 25 })
  await page.getByRole('button', { name: 'Close the till' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Close the till' }).click()
  await page.locator('[data-variance="-550"]').waitFor()
  await page.getByText('shortage', { exact: false }).first().waitFor()
  await waitForUnsent(page, 0)

  await expect
    .poll(async () => (await story.sessionOf(tillId)).state, patience)
    .toBe('closed_with_variance')
  const closed = await story.sessionOf(tillId)
  expect(closed.close).toMatchObject({
    countedMinor: 1_800_00,
    expectedMinor: 1_805_50,
    varianceMinor: -5_50,
  })

  // The cloud sees the same day.
  await expect
    .poll(() => story.ask<Session>(`/v1/till-sessions/${closed.id}`, story.chain.cloud), patience)
    .toMatchObject({ state: 'closed_with_variance', totals: closed.totals, close: closed.close })

  // The chain in the browser, computed anew, ends where the store server's does.
  const status = await story.ask<SyncStatus>('/v1/sync/status')
  const held = await chainOf(page)
  expect(held.reduce((all, { seq }) => all + seq, 0)).toBe(7)
  for (const { stream, seq, hash } of held) {
    expect(status.streams.find((each) => each.stream === stream)).toMatchObject({
      headSeq: seq,
      headHash: hash,
    })
  }
  expect(errors).toEqual([])

  // A second tab of the same profile would write the same receipts.
  const second = await page.context().newPage()
  await second.goto(`${story.store.url}/till/`)
  await second.getByRole('heading', { name: 'This till is open in another tab' }).waitFor()
  await page.close()
  await second.getByRole('heading', { name: 'Who works here?' }).waitFor()
  await second.context().close()
})

test('a whole sale by keyboard alone, with ten thousand products', async () => {
  const { page, errors } = await openPage(story.browser, story.store.url)
  await setUp(page, 'Keyboard')
  await signIn(page, owner)
  // The first field of the count has the focus; Enter goes down, and at the end to the button.
  await page.getByRole('heading', { name: 'Count the float' }).waitFor()
  await page.keyboard.type('1')
  for (let row = 0; row < 11; row += 1) await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await page.getByRole('region', { name: 'Cart' }).waitFor()
  expect(await page.locator('[data-products]').getAttribute('data-products')).toBe(
    String(productCount),
  )
  // Only what is seen is drawn.
  expect(await page.locator('[data-product]').count()).toBeLessThan(100)

  await page.keyboard.type('coconut', { delay: 120 })
  await page.locator('[data-products="1"]').waitFor()
  await page.keyboard.press('Enter')
  await page.locator('[data-total="9500"]').waitFor()
  await page.keyboard.press('+')
  await page.locator('[data-total="19000"]').waitFor()
  await page.keyboard.press('-')
  await page.keyboard.type(bread.code, { delay: 150 })
  await page.keyboard.press('Enter')
  await page.locator('[data-total="21550"]').waitFor()
  // The owner may take something off the line that was added last.
  await page.keyboard.press('F6')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.type('20', { delay: 20 })
  await page.keyboard.press('Enter')
  await page.locator('[data-total="19550"]').waitFor()
  await page.keyboard.press('PageUp')
  await page.keyboard.press('Delete')
  await page.locator('[data-total="10050"]').waitFor()
  // Put aside, and back.
  await page.keyboard.press('F3')
  await page.locator('[data-total="0"]').waitFor()
  await page.keyboard.press('F3')
  await page.getByRole('heading', { name: 'Carts put aside' }).waitFor()
  await page.getByRole('button', { name: 'Go on with it' }).press('Enter')
  await page.locator('[data-total="10050"]').waitFor()
  // Exact cash: two keys.
  await page.keyboard.press('F9')
  await page.keyboard.press('F9')
  await page.getByRole('heading', { name: 'Paid' }).waitFor()
  await page.getByText('No change').waitFor()
  // What goes to the printer: the receipt first, and a copy whenever it is asked for again.
  await page.evaluate(() => {
    Object.assign(window, { printed: [] })
    window.print = () => {
      const text = document.querySelector('#print-root pre')?.textContent
      Reflect.get(window, 'printed').push(text)
    }
  })
  // A copy is printed once it is written down, so each is waited for.
  const printed = async () => {
    const texts: string[] = await page.evaluate(() => Reflect.get(window, 'printed'))
    return texts.map((text) => [/RCP-\d{6}-020001/.test(text), text.includes('COPY')])
  }
  await page.keyboard.press('F10')
  await expect.poll(printed).toEqual([[true, false]])
  await page.keyboard.press('Escape')
  await page.keyboard.press('F10')
  await expect.poll(printed).toEqual([
    [true, false],
    [true, true],
  ])

  // Cash that is no sale.
  await page.keyboard.press('F7')
  await page.keyboard.press('4')
  await page.keyboard.type('35', { delay: 20 })
  await page.getByLabel('What for').fill('Ice')
  await page.keyboard.press('Enter')
  await page.getByText('Recorded: ฿35.00').waitFor()
  await page.keyboard.press('Enter')
  await waitForUnsent(page, 0)
  const tillId = await story.tillOf(2)
  await expect
    .poll(async () => (await story.sessionOf(tillId)).totals, patience)
    .toMatchObject({ sales: 1, salesMinor: 100_50, payOutMinor: 35_00 })

  // The drawer goes to the manager, counted and signed by both; then it rests, to be carried elsewhere.
  await page.keyboard.press('F7')
  await page.keyboard.press('d')
  await page.getByRole('button', { name: 'Hand over to another person' }).click()
  await count(page, { '1,000': 1, '20': 3 })
  await page.getByRole('button', { name: 'Sign and hand over' }).click()
  await sign(page, manager)
  await page.getByRole('heading', { name: `The drawer is ${manager.name}’s now` }).waitFor()
  await page.keyboard.press('Enter')
  await page.keyboard.press('F7')
  await page.keyboard.press('d')
  await page.getByRole('button', { name: 'Suspend' }).click()
  await page.getByRole('button', { name: 'Suspend now' }).click()
  await page.locator('[data-waiting="rests"]').waitFor()
  await waitForUnsent(page, 0)

  expect(errors).toEqual([])
  await page.context().close()
})

test('who may not, may not; and every screen can be used by everybody', async () => {
  const { page, errors } = await openPage(story.browser, story.store.url)
  await page.getByRole('heading', { name: 'Set up this till' }).waitFor()
  await expectNoViolations(page, 'set-up')
  await setUp(page, 'Look')
  await expectNoViolations(page, 'lock')
  await signIn(page, { ...cashier, pin: '9999' })
  await page.getByText('Number or PIN is not right. Try again.').waitFor()
  await signIn(page, cashier)
  await page.getByRole('heading', { name: 'Count the float' }).waitFor()
  await expectNoViolations(page, 'open till')
  // A drawer that rests is seen at each till, and carried by who may not know what is in it.
  await page.locator('[data-waiting="rests"]').waitFor()
  await page.getByRole('button', { name: 'Go on here' }).click()
  await page.getByRole('region', { name: 'Cart' }).waitFor()
  expect(await story.sessionOf(await story.tillOf(3))).toMatchObject({
    ...{ staffName: manager.name, state: 'open', suspended: false },
    totals: { sales: 1, salesMinor: 100_50, payOutMinor: 35_00 },
  })
  await expectNoViolations(page, 'sale, empty')
  await scan(page, '0000000000000')
  await page.getByText('No product has the code 0000000000000').waitFor()
  await scan(page, coffee.barcodes[0] ?? '')
  await page.locator('[data-total="4500"]').waitFor()
  // A cashier sells at the catalogue's price, and learns what the drawer holds after the count.
  expect(await page.getByRole('button', { name: /Discount/ }).count()).toBe(0)
  await expectNoViolations(page, 'sale')

  await page.keyboard.press('F8')
  await page.getByRole('heading', { name: 'Pay' }).waitFor()
  await expectNoViolations(page, 'pay')
  // A scan while a payment is open waits, and neither pays nor is lost.
  await scan(page, cake.barcodes[0] ?? '')
  await page.getByText('1 scan waits').waitFor()
  // A note that was touched is not pressed again by the Enter that confirms it.
  await page.getByRole('button', { name: 'One more 100 note' }).click()
  await page.keyboard.press('Enter')
  await page.locator('[data-change-due="5500"]').waitFor()
  await page.getByRole('heading', { name: 'Paid' }).waitFor()
  await expectNoViolations(page, 'paid')
  await page.keyboard.press('Enter')
  await page.locator('[data-total="9500"]').waitFor()
  await page.keyboard.press('Delete')

  for (const [key, title] of [
    ['2', 'Receipts of this session'],
    ['1', 'Refund'],
    ['4', 'Pay out: cash out of the drawer'],
    ['8', 'Unsent and line'],
  ] as const) {
    await page.keyboard.press('F7')
    await page.getByRole('heading', { name: 'Menu' }).waitFor()
    await page.keyboard.press(key)
    await page.getByRole('heading', { name: title }).waitFor()
    await expectNoViolations(page, title)
    await page.keyboard.press('Escape')
  }
  await page.keyboard.press('F7')
  expect(await page.getByRole('button', { name: /X report/ }).isDisabled()).toBe(true)
  await expectNoViolations(page, 'menu')
  await page.getByRole('button', { name: 'ไทย' }).click()
  await page.getByRole('heading', { name: 'เมนู' }).waitFor()
  await expectNoViolations(page, 'menu in Thai')
  await page.getByRole('button', { name: 'English' }).click()
  await page.keyboard.press('?')
  await page.getByRole('dialog').waitFor()
  await expectNoViolations(page, 'keys')
  expect(errors).toEqual([])
  await page.context().close()
})

test('unlocking without the server is for who was seen here, and wrong PINs are counted', async () => {
  const { page } = await openPage(story.browser, story.store.url)
  await setUp(page, 'Look')
  await signIn(page, cashier)
  await page.getByRole('region', { name: 'Cart' }).waitFor()
  await page.evaluate(() => navigator.serviceWorker.ready)
  await story.store.kill()
  await page.getByTitle('Lock and switch cashier').click()
  await signIn(page, manager)
  await page.getByText(/has not signed in here in the last 14 days/).waitFor()
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await signIn(page, { ...cashier, pin: '0000' })
    await page.getByRole('alert').filter({ hasText: /\S/ }).waitFor()
  }
  // The right one has to wait now, after a reload too.
  await page.reload()
  await signIn(page, cashier)
  await page.getByText(/Too many tries/).waitFor()
  await story.store.start()
  await page.context().close()
})
