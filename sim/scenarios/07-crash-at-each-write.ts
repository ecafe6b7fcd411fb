import type { Fleet, Shop } from '../actors/fleet.ts'
import type { HeadRow, IdRow } from '../actors/journal.ts'
import type { Machine } from '../actors/node.ts'
import { checkChains, headsOf, rowsOf } from '../checkers/copies.ts'
import { violate } from '../world/world.ts'
import type { Scenario } from './scenario.ts'

const pointsMax = 12

/** Journal, owner of the effect and head are there together, or not at all. */
function checkWhole({ world }: Fleet, { disk, name }: Machine): void {
  for (const { stream, seq } of headsOf(disk) as readonly HeadRow[]) {
    const rows = rowsOf(disk, stream)
    if (rows.length !== seq) violate(world, 'S7', `${name}: ${rows.length} facts, head ${seq}`)
    for (const { id } of rows) {
      if (disk.peek('fact_id', [id, 0]) === undefined)
        violate(world, 'S7', `${name}: ${id} has no owner`)
    }
  }
  for (const { id, stream, seq } of disk.peekAll('fact_id') as IdRow[]) {
    if (rowsOf(disk, stream)[seq - 1]?.id !== id)
      violate(world, 'S7', `${name}: ${id} is not there`)
  }
}

export const crashAtEachWrite: Scenario = {
  number: 7,
  name: 'crash between journal write and cursor write',
  recipe:
    'till, store server and cloud fall before and after each of their first disk operations of a sale',
  mustHold: 'a batch, its cursor and its effects are there together or not at all',
  play: async ({ open, rest, hold }) => {
    let points = 0
    const victims: readonly ((
      fleet: Fleet,
      shop: Shop,
    ) => (Machine & { boot: () => void }) | undefined)[] = [
      (_fleet, { tills }) => tills[0],
      (_fleet, { store }) => store,
      ({ cloud }) => cloud,
    ]
    for (const choose of victims) {
      for (let point = 1; point <= pointsMax; point += 1) {
        const fleet = await open({ shops: 1, tills: 1 })
        const [shop] = fleet.shops
        const victim = shop === undefined ? undefined : choose(fleet, shop)
        if (shop === undefined || victim === undefined) return hold(false, 'there is a shop')
        const { time } = fleet.world
        let ops = 0
        victim.disk.onOp = () => {
          ops += 1
          if (ops !== point) return
          points += 1
          victim.disk.onOp = undefined
          victim.crash(point % 2 === 0 ? 'kill' : 'power')
          checkWhole(fleet, victim === shop.tills[0] ? shop.store : victim)
          time.after(2_000, victim.boot)
        }
        void shop.cashiers[0]?.openSession()
        await time.run(time.nowMs() + 3_000)
        for (let sale = 0; sale < 5; sale += 1) {
          void shop.cashiers[0]?.sell()
          await time.run(time.nowMs() + 3_000)
        }
        void shop.cashiers[0]?.pickUp()
        await rest(fleet)
        checkChains(fleet)
      }
    }
    hold(points >= 3 * pointsMax - 3, `fell at ${points} points`)
  },
}
