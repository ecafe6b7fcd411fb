import { readFact } from '@tillkeeper/facts/read-fact.ts'
import { sayAtTill } from '../actors/say.ts'
import { tradeDay } from '../actors/trade.ts'
import { actsOn } from '../checkers/copies.ts'
import type { Scenario } from './scenario.ts'

export const malformed: Scenario = {
  number: 25,
  name: 'malformed, oversized and unknown facts',
  recipe:
    'between sales, tills seal facts of unknown types and versions, with bodies that no schema takes, and large ones',
  mustHold: 'each is kept byte for byte on every tier, nothing behind it waits, nothing is dropped',
  play: async ({ open, rest, hold }) => {
    const fleet = await open()
    const { world, truth, cloud, shops } = fleet
    const chance = world.chance.fork('malformed')
    const odd = new Set<string>()
    const day = tradeDay(fleet)
    for (const { tills } of shops) {
      for (const till of tills) {
        for (let nth = 0; nth < 8; nth += 1) {
          world.time.after(chance.below(420_000), () => {
            const said = sayAtTill(till, oddFact(chance.below(kinds), chance.below(60)))
            void said.then((id) => id !== undefined && odd.add(id))
          })
        }
      }
    }
    await day
    await rest(fleet)
    hold(odd.size > 20, 'odd facts were sealed')
    const kept = new Map([...actsOn(cloud.disk)].map(({ id, bytes }) => [id, bytes]))
    const sealed = [...truth.sealed.values()].filter(({ id }) => odd.has(id))
    hold(
      sealed.every(({ id, bytes }) => Buffer.compare(kept.get(id) ?? empty, bytes) === 0),
      'each is in the cloud, byte for byte',
    )
    const read = new Set(sealed.map(({ bytes }) => readFact(bytes).kind))
    hold(read.has('unknown') && read.has('malformed'), 'they are of both kinds')
    hold(
      sealed.some(({ bytes }) => bytes.length > 500_000),
      'some are large',
    )
  },
}

const empty = new Uint8Array()
const kinds = 4

function oddFact(kind: number, size: number) {
  switch (kind) {
    case 0:
      return { type: 'drone.landed', body: { note: 'ก'.repeat(size) } }
    case 1:
      return { type: 'till.enrolled', v: 99, body: { later: true } }
    case 2:
      return { type: 'till.enrolled', body: { major: 'one', nested: [[['deep']]] } }
    default:
      return { type: 'photo.taken', body: { data: 'A'.repeat(600_000) } }
  }
}
