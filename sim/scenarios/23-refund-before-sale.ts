import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import type { SaleDocument } from '@tillkeeper/till-app/receipt/document.ts'
import { refundSale } from '@tillkeeper/till-app/refund/refund-sale.ts'
import type { Scenario } from './scenario.ts'

export const refundBeforeSale: Scenario = {
  number: 23,
  name: 'a refund reaches the cloud before its sale',
  recipe: 'one till sells and is cut off; another till of the shop takes the goods back',
  mustHold: 'both count once, in the one order and in the other, and nothing waits for ever',
  play: async ({ open, rest, hold }) => {
    const fleet = await open({ shops: 1, tills: 2 })
    const { world, truth, cloud } = fleet
    const [shop] = fleet.shops
    const [first, second] = shop?.tills ?? []
    const [seller, returner] = shop?.cashiers ?? []
    if (first === undefined || second === undefined) return hold(false, 'there are two tills')
    const wait = () => world.time.run(world.time.nowMs() + 10_000)
    void seller?.openSession()
    void returner?.openSession()
    await wait()
    const line = world.network.lines().find(({ name }) => name === first.name)
    if (line !== undefined) Object.assign(line, { up: false, down: false })
    for (let nth = 0; nth < 5; nth += 1) {
      void seller?.sell()
      await wait()
    }
    // The customer brings the receipt to the other till, which reads all it needs from the paper.
    const sold = (await first.node()?.db.getAll('document')) as SaleDocument[] | undefined
    const node = second.node()
    let back = 0
    for (const { id, receiptNumber, occurredAt, staffName, body } of sold ?? []) {
      if (node === undefined) return hold(false, 'the other till runs')
      const refundId = uuidv7(second.clock.nowMs(), world.chance.bytes(10))
      truth.intended.set(refundId, { type: 'sale.refunded', node: second.author })
      const done = refundSale(node, {
        id: refundId,
        sale: {
          ...{ id, receiptNumber, occurredAt, staffName, refunds: [], checked: 'here_only' },
          ...{ currency: body.currency, lines: body.lines, totalMinor: body.totalMinor },
        },
        lines: [{ lineNo: 1, quantity: body.lines[0]?.quantity ?? 0 }],
        method: 'cash',
        reason: 'came back',
      })
      await wait()
      const outcome = await done
      if (!outcome.ok) return hold(false, `the refund is made: ${outcome.refusal.code}`)
      back += 1
      const told = { id: refundId, type: 'sale.refunded', node: second.author } as const
      truth.promised.set(refundId, {
        ...told,
        ...{ atMs: world.time.nowMs(), body: outcome.value.document.body, how: 'acknowledged' },
      })
    }
    hold(back === 5, 'the goods came back')
    const has = (id: string) => cloud.disk.peek('fact_id', [id, 0]) !== undefined
    hold(
      (sold ?? []).every(({ id }) => !has(id)) &&
        [...truth.promised.values()].filter(({ type, id }) => type === 'sale.refunded' && has(id))
          .length === back,
      'the cloud has the refunds, and not the sales',
    )
    await rest(fleet)
    hold(
      (sold ?? []).every(({ id }) => has(id)),
      'then it has both',
    )
  },
}
