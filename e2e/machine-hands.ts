import type { RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { truthOf } from '@tillkeeper/devices/cash-recycler/simulator/fcc-money.ts'
import {
  type GloryServer,
  startGloryServer,
} from '@tillkeeper/devices/cash-recycler/simulator/glory-server.ts'
import { hurried } from '@tillkeeper/devices/cash-recycler/simulator/machine-state.ts'
import type { Browser, Page } from 'playwright-core'

// A simulated cash machine on the counter, with a customer's hands at its own page.

/** What lies in its units at first: little small change, and few twenties. */
const stock = {
  ...{ '1/4043': { 2000: 11 }, '1/4044': { 5000: 46 }, '1/4045': { 10000: 58 } },
  ...{ '2/4043': { 1000: 84 }, '2/4044': { 500: 1 }, '2/4045': { 200: 1 }, '2/4046': { 100: 2 } },
}

const { takesAfterMs: _, ...byHand } = hurried

/** A CI-10 for baht that does all at once, but for what hands have to do. */
export function startMachine(): Promise<GloryServer> {
  return startGloryServer({
    ...{ profile: 'CI-10', currency: 'THB', stock, timings: byHand, redialMs: 5 },
    settings: { sessionEnable: true, occupyEnable: true, soapDuplicateCheck: true },
    fccTimings: { adjustTimeMs: 20, heartbeatMs: 1_000 },
  })
}

/** Where a store server finds it. */
export const addressOf = ({ socketUrl }: GloryServer) => `ws://${new URL(socketUrl).host}`

/** What a machine and its page need to follow, where the computer is busy. */
const handsMs = 60_000

/** Its page, before a customer. */
export async function openHands(browser: Browser, { controlUrl }: GloryServer): Promise<Page> {
  const context = await browser.newContext({
    ...{ viewport: { width: 1280, height: 800 }, locale: 'en-GB' },
  })
  const page = await context.newPage()
  page.setDefaultTimeout(handsMs)
  await page.goto(controlUrl)
  await page.getByRole('heading', { name: 'CI-10 · THB' }).waitFor()
  return page
}

/** Puts one note in, by its face as the page writes it. */
export async function insertNote(hands: Page, face: string): Promise<void> {
  await hands.locator('#notes').getByRole('button', { name: face, exact: true }).click()
}

/** Takes what lies in the outlet, once the machine gave all that it gives. */
export async function takeMoney(hands: Page, says = 'Take your money'): Promise<void> {
  await hands.locator('#phase').filter({ hasText: says }).waitFor()
  await hands.getByRole('button', { name: 'Take all' }).click()
}

/** Pieces by part and face, none left out that is there. */
export type Inside = Readonly<Record<string, number>>

/** What the machine holds in truth. */
export function truthInside({ fcc }: GloryServer): Inside {
  const inside: Record<string, number> = {}
  for (const unit of fcc.machine.profile.units) {
    const part = unit.kind === 'recycling' ? 'recycling' : 'cash_box'
    for (const [face, pieces] of Object.entries(truthOf(fcc.machine, unit))) {
      if (pieces === 0) continue
      const key = `${part} ${face}`
      inside[key] = (inside[key] ?? 0) + pieces
    }
  }
  return inside
}

/** What the books say that it holds. */
export function bookedInside({ held }: Pick<RecyclerView, 'held'>): Inside {
  return Object.fromEntries(
    held
      .filter(({ pieces }) => pieces !== 0)
      .map(({ unit, faceMinor, pieces }) => [`${unit} ${faceMinor}`, pieces]),
  )
}
