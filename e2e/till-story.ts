import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChainPlan } from '@tillkeeper/chain/plan.ts'
import { type Chain, type ChainStore, startChain } from '@tillkeeper/chain/start-chain.ts'
import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import type { SaleRow } from '@tillkeeper/client/api/shapes.ts'
import type { Browser } from 'playwright-core'
import { launchBrowser } from './till-page.ts'

/** What a server needs for its tables to follow its journal, on a machine that is busy. */
export const patience = { timeout: 30_000, interval: 200 }

/** A chain of one shop, a browser, and what a story looks up to see what became of a sale. */
export type Story = {
  readonly chain: Chain
  readonly store: ChainStore
  readonly browser: Browser
  /** Reads as the integrator's key may, from the store server or, given it, the cloud. */
  readonly ask: <T>(path: string, at?: { readonly url: string }) => Promise<T>
  readonly tillOf: (number: number) => Promise<string>
  readonly sessionOf: (tillId: string, at?: { readonly url: string }) => Promise<Session>
  readonly salesOf: (session: Session, at?: { readonly url: string }) => Promise<SaleRow[]>
  readonly stop: () => Promise<void>
}

/** Starts the chain of a plan as real processes, and a browser; the caller stops both. */
export async function startStory(plan: ChainPlan): Promise<Story> {
  const folder = await mkdtemp(join(tmpdir(), 'tillkeeper-till-'))
  // The browser first: if it cannot be started, no server is left behind.
  const browser = await launchBrowser()
  const chain = await startChain({ dataDir: folder, plan, env: process.env })
  const [store] = chain.stores
  if (store === undefined) throw new Error('the plan has a shop')

  const ask: Story['ask'] = async (path, at = store) => {
    const reply = await fetch(`${at.url}${path}`, {
      headers: { authorization: `Bearer ${chain.apiKey}` },
    })
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`)
    return await reply.json()
  }
  return {
    ...{ chain, store, browser, ask },
    tillOf: async (number) => {
      const { items } = await ask<{ items: { id: string; number: number }[] }>('/v1/tills?limit=50')
      const till = items.find((each) => each.number === number)
      if (till === undefined) throw new Error(`there is no till ${number}`)
      return till.id
    },
    sessionOf: async (tillId, at) => {
      const { items } = await ask<{ items: Session[] }>(`/v1/till-sessions?tillId=${tillId}`, at)
      const [session] = items
      if (session === undefined) throw new Error('the till has a session')
      return session
    },
    salesOf: async ({ id }, at) =>
      (await ask<{ items: SaleRow[] }>(`/v1/sales?sessionId=${id}&limit=100`, at)).items,
    stop: async () => {
      await browser.close()
      await chain.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
