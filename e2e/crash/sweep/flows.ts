import { waitUntilEqual } from '../books/check-copy.ts'
import { type Act, closeTillAct, floatMinor, openTillAct, refundAct, saleAct } from '../lab/acts.ts'
import type { Stage } from './stage.ts'

// The flows whose every SQL message is a point to die at. Each prepares what it needs, runs once, and
// after the death is asked again as whoever asked first would.

export type FlowName = 'sale' | 'refund' | 'close' | 'push-cloud' | 'push-store' | 'pull'

export type Flow = {
  readonly name: FlowName
  /** Who dies. */
  readonly victim: 'store' | 'cloud'
  readonly linked: boolean
  /** A link that was cut waits before it tries again, and the machine has time for other lanes. */
  readonly waits?: boolean
  readonly prepare: (stage: Stage) => Promise<Prepared>
}

export type Prepared = {
  /** Does it, whole: it resolves when nothing of it is under way any more, or when it cannot go on. */
  readonly run: (over: AbortSignal) => Promise<void>
  /** Once the dead are back: makes it good. Says what was not. */
  readonly again: () => Promise<string[]>
}

const catchUpMs = 60_000
/** A poke, a pull or a push of an idle link is through in less; more only while the machine is busy. */
const runMs = 20_000

/** An act of the shop: asked, and asked again with the same id until it is acknowledged. */
function actFlow(name: 'sale' | 'refund' | 'close', draft: (stage: Stage) => Promise<Act>): Flow {
  return {
    name,
    victim: 'store',
    linked: false,
    prepare: async (stage) => {
      const act = await draft(stage)
      return {
        run: async () => {
          await stage.ask(act)
        },
        again: async () => {
          const answer = await stage.ask(act)
          return answer === undefined
            ? [`${act.kind} ${act.id} is not answered after the start`]
            : []
        },
      }
    },
  }
}

async function must(stage: Stage, act: Act): Promise<Act> {
  if ((await stage.ask(act)) === undefined) throw new Error(`${act.kind} was refused`)
  return act
}

const sale = actFlow('sale', async (stage) =>
  saleAct(stage.lane.base, stage.sessionId, stage.random),
)

const refund = actFlow('refund', async (stage) => {
  const sold = await must(stage, saleAct(stage.lane.base, stage.sessionId, stage.random))
  return refundAct(sold.id, stage.sessionId)
})

const close = actFlow('close', async (stage) => {
  const { base } = stage.lane
  const opened = await must(stage, openTillAct(base, base.tillIds[1] ?? ''))
  await must(stage, saleAct(base, opened.id, stage.random))
  // A blind count: what it should be is nobody's business here.
  return closeTillAct(opened.id, floatMinor)
})

const caughtUp = async ({ lane }: Stage): Promise<string[]> =>
  (await waitUntilEqual(lane.storeDb, lane.cloudDb, catchUpMs)) ? [] : ['never caught up']

async function waitFor(stage: Stage, over: AbortSignal): Promise<void> {
  const { storeDb, cloudDb } = stage.lane
  const until = performance.now() + runMs
  while (!over.aborted && performance.now() < until) {
    if (await waitUntilEqual(storeDb, cloudDb, 0)) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** A sale goes up while the cloud dies over it. */
const pushCloud: Flow = {
  name: 'push-cloud',
  victim: 'cloud',
  linked: true,
  waits: true,
  prepare: async (stage) => {
    const act = saleAct(stage.lane.base, stage.sessionId, stage.random)
    return {
      run: async (over) => {
        await must(stage, act)
        await waitFor(stage, over)
      },
      again: () => caughtUp(stage),
    }
  },
}

/** Sales that waited for the line go up, and the shop's server dies over it. */
const pushStore: Flow = {
  name: 'push-store',
  victim: 'store',
  linked: true,
  waits: true,
  prepare: async (stage) => {
    stage.gate.set('shut')
    await must(stage, saleAct(stage.lane.base, stage.sessionId, stage.random))
    return {
      run: async (over) => {
        stage.gate.set('open')
        await waitFor(stage, over)
      },
      again: () => caughtUp(stage),
    }
  },
}

/** A price changes in the cloud, and the shop's server dies while it learns of it. */
const pull: Flow = {
  name: 'pull',
  victim: 'store',
  linked: true,
  prepare: async (stage) => {
    const { lane, random } = stage
    const { base } = lane
    const minor = random.whole(10, 99_999) * 25
    const [product] = base.spareProducts
    return {
      run: async (over) => {
        const reply = await fetch(`${lane.cloud.url}/v1/products`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${base.adminKey}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify([{ ...product, price: { ...product?.price, minor } }]),
        })
        if (!reply.ok) throw new Error(`a price was refused: ${await reply.text()}`)
        await waitFor(stage, over)
      },
      again: async () => {
        const late = await caughtUp(stage)
        const [row] = await lane.storeDb<{ minor: number }[]>`
          SELECT price_minor AS minor FROM product WHERE id = ${product?.id ?? ''}
        `
        return row?.minor === minor ? late : [...late, `the price is ${row?.minor}, not ${minor}`]
      },
    }
  },
}

export const flows: readonly Flow[] = [sale, refund, close, pushCloud, pushStore, pull]
