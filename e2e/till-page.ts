import { createHash } from 'node:crypto'
import type { PersonPlan } from '@tillkeeper/chain/plan.ts'
import { type Browser, chromium, type Page } from 'playwright-core'
import { manager } from './till-plan.ts'

// A till in a real browser, worked like a person would: by its keys and by what it shows.

const debianChromium = {
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}

/** Debian's Chromium, with nothing that would look for a net. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch(debianChromium)
}

/** A browser of its own whose profile lies in a folder: it can be closed, copied and opened again. */
export async function openProfile(
  dir: string,
  url: string,
): Promise<TillPage & { readonly close: () => Promise<void> }> {
  const viewport = { width: 1280, height: 800 }
  const options = { ...debianChromium, viewport, locale: 'en-GB' }
  const context = await chromium.launchPersistentContext(dir, options)
  const page = context.pages()[0] ?? (await context.newPage())
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(`${url}/till/`)
  return { page, errors, close: () => context.close() }
}

/** What somebody types to say who they are. */
type Badge = Pick<PersonPlan, 'number' | 'pin'>

export type TillPage = { readonly page: Page; readonly errors: string[] }

/** A fresh browser profile at the till's address. What the page complains of is collected. */
export async function openPage(
  browser: Browser,
  url: string,
  size = { width: 1280, height: 800 },
): Promise<TillPage> {
  const context = await browser.newContext({ viewport: size, locale: 'en-GB' })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(`${url}/till/`)
  return { page, errors }
}

/** A manager makes this browser one of the shop's tills. */
export async function setUp(page: Page, tillName: string): Promise<void> {
  await page.getByRole('heading', { name: 'Set up this till' }).waitFor()
  await typePin(page, manager)
  await page.getByRole('button', { name: new RegExp(tillName) }).click()
  await page.getByRole('heading', { name: 'Who works here?' }).waitFor({ timeout: 60_000 })
}

/** Somebody signs in by number and PIN, whoever the till remembers. */
export async function signIn(page: Page, person: Badge): Promise<void> {
  await page.getByRole('heading', { name: 'Who works here?' }).waitFor()
  const form = page.getByRole('button', { name: /Sign in/ })
  await form.waitFor()
  const other = page.getByRole('button', { name: 'Somebody else' })
  if ((await other.count()) > 0) await other.click()
  await typePin(page, person)
}

/** Somebody else signs in a dialog, by number and PIN. */
export async function sign(page: Page, { number, pin }: Badge): Promise<void> {
  await page.getByRole('dialog').waitFor()
  for (const text of [number, pin]) {
    await page.keyboard.type(text, { delay: 2 })
    await page.keyboard.press('Enter')
  }
}

async function typePin(page: Page, { number, pin }: Badge): Promise<void> {
  // A number that was typed before stays after a wrong PIN.
  await page.getByRole('button', { name: 'Staff number' }).click()
  await page.keyboard.press('Delete')
  for (const text of [number, pin]) {
    await page.keyboard.type(text, { delay: 2 })
    await page.keyboard.press('Enter')
  }
}

/** Counts pieces of some faces into the table, such as `{ '100': 10 }`. */
export async function count(page: Page, pieces: Readonly<Record<string, number>>): Promise<void> {
  for (const [face, number] of Object.entries(pieces)) {
    await page
      .getByLabel(new RegExp(`^Pieces of ฿${face}(\\.00)? (note|coin)$`))
      .fill(String(number))
  }
}

/** A scanner's pace. */
const scanKeyMs = 10

/**
 * Scans a barcode: its digits and Enter, each with the moment at which a scanner would press it. They are
 * sent without waiting for the page, as a keyboard does, so a busy machine does not slow the scanner.
 */
export async function scan(page: Page, barcode: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const startedAt = Date.now() / 1_000
  const keys = [...barcode].map((digit) => ({
    ...{ key: digit, code: `Digit${digit}`, text: digit },
    windowsVirtualKeyCode: digit.charCodeAt(0),
  }))
  const enter = { key: 'Enter', code: 'Enter', text: '\r', windowsVirtualKeyCode: 13 }
  await Promise.all(
    [...keys, enter].flatMap((key, index) => {
      const timestamp = startedAt + (index * scanKeyMs) / 1_000
      return [
        session.send('Input.dispatchKeyEvent', { type: 'keyDown', timestamp, ...key }),
        session.send('Input.dispatchKeyEvent', { type: 'keyUp', timestamp, ...key, text: '' }),
      ]
    }),
  )
  await session.detach()
}

/** Pays what is in the cart with cash. */
export async function payCash(page: Page, given: string): Promise<void> {
  await page
    .getByRole('button', { name: 'Pay', exact: true })
    .and(page.locator(':enabled'))
    .waitFor()
  await page.keyboard.press('F8')
  await page.getByRole('heading', { name: 'Pay' }).waitFor()
  await page.keyboard.type(given, { delay: 2 })
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Paid' }).waitFor()
}

/** How many facts only this browser has, as the bar says. */
export async function readUnsent(page: Page): Promise<number> {
  return Number(await page.locator('[data-unsent]').first().getAttribute('data-unsent'))
}

/** Waits until the bar says that so many are unsent. */
export async function waitForUnsent(page: Page, unsent: number, timeout = 30_000): Promise<void> {
  await page.locator(`[data-unsent="${unsent}"]`).first().waitFor({ timeout })
}

type Stored = {
  readonly stream: string
  readonly seq: number
  readonly bytes: number[]
  readonly hash: number[]
}

/** Reads the till's facts out of the browser and computes their chain anew, from the stream's name on. */
export async function chainOf(
  page: Page,
): Promise<readonly { readonly stream: string; readonly seq: number; readonly hash: string }[]> {
  const facts: Stored[] = await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('tillkeeper-till')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const asking = opening.result.transaction('fact').objectStore('fact').getAll()
          asking.onerror = () => reject(asking.error)
          asking.onsuccess = () => {
            opening.result.close()
            resolve(
              asking.result.map(({ stream, seq, bytes, hash }) => ({
                ...{ stream, seq },
                bytes: [...bytes],
                hash: [...hash],
              })),
            )
          }
        }
      }),
  )
  const heads = new Map<string, { seq: number; hash: Buffer }>()
  for (const { stream, seq, bytes, hash } of facts) {
    const before = heads.get(stream) ?? {
      seq: 0,
      hash: createHash('sha256').update(stream).digest(),
    }
    if (seq !== before.seq + 1) throw new Error(`${stream} has a gap before ${seq}`)
    const next = createHash('sha256').update(before.hash).update(Buffer.from(bytes)).digest()
    if (!next.equals(Buffer.from(hash))) throw new Error(`${stream} breaks at ${seq}`)
    heads.set(stream, { seq, hash: next })
  }
  return [...heads].map(([stream, { seq, hash }]) => ({ stream, seq, hash: hash.toString('hex') }))
}

// What runs in a page of the till's origin that is not the till. Values stay in the page: a key that is
// not extractable can be copied from store to store, and never leaves the browser.

/** Copies everything that the till keeps in this browser, as an image of its disk would. */
export async function copyBrowser(): Promise<void> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open('tillkeeper-till')
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error)
  })
  const read = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  const copy: [string, IDBValidKey[], unknown[]][] = []
  for (const name of db.objectStoreNames) {
    const store = db.transaction(name).objectStore(name)
    copy.push([name, await read(store.getAllKeys()), await read(store.getAll())])
  }
  db.close()
  Object.assign(window, { copy, beside: { ...localStorage } })
}

/**
 * Puts the copy back, with all that lies beside it, and a mark that says that it ended in good order: the
 * worst that can happen.
 */
export async function restoreBrowser(): Promise<void> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open('tillkeeper-till')
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error)
  })
  const copy: [string, IDBValidKey[], unknown[]][] = Reflect.get(window, 'copy')
  localStorage.clear()
  for (const [name, text] of Object.entries(Reflect.get(window, 'beside') as object)) {
    localStorage.setItem(name, text)
  }
  const tx = db.transaction([...db.objectStoreNames], 'readwrite')
  for (const [name, keys, values] of copy) {
    const store = tx.objectStore(name)
    store.clear()
    for (const [index, value] of values.entries()) {
      if (store.keyPath === null) store.put(value, keys[index])
      else store.put(value)
    }
    const [head] =
      name === 'stream' ? (values as { stream: string; seq: number; hash: Uint8Array }[]) : []
    if (head === undefined) continue
    const hash = [...head.hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    localStorage.setItem('tillkeeper.till.mark', `${head.stream}#${head.seq}#${hash}`)
  }
  await new Promise<void>((resolve, reject) => {
    tx.oncomplete = () => resolve()
    tx.onerror = () => reject(tx.error)
  })
  db.close()
}

/** Gives the till a token that no server knows, as if it had been revoked. */
export async function breakToken(): Promise<void> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open('tillkeeper-till')
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error)
  })
  await new Promise<void>((resolve, reject) => {
    const tx = db.transaction('kept', 'readwrite')
    const kept = tx.objectStore('kept')
    const reading = kept.get('device')
    reading.onsuccess = () => kept.put({ ...reading.result, token: 'tk_till_revoked' }, 'device')
    tx.oncomplete = () => resolve()
    tx.onerror = () => reject(tx.error)
  })
  db.close()
}
