import { expect, test } from 'vitest'
import { random } from '../world/random.ts'
import { bendMessage, bends } from './bend-message.ts'
import { gatherMessages } from './gather-messages.ts'
import { hearMessages } from './hear-messages.ts'
import { hearWire, wires } from './hear-wire.ts'

const sound = await gatherMessages()
const seed = Number(process.env.SEED ?? 1) % 1_000_000
const again = `npm run fuzz -- recycler (SEED=${seed})`

test('three thousand messages of machines that say anything: nothing throws, all is of the contract', async () => {
  const met = new Set<string>()
  let ended = 0
  for (let life = 0; life < 12; life += 1) {
    const heard = await hearMessages(seed * 1_000 + life, 250, sound)
    expect(heard.untyped, again).toEqual([])
    for (const bend of Object.keys(heard.bends)) met.add(bend)
    ended += heard.ended
  }
  expect(bends.filter((bend) => !met.has(bend) && bend !== 'huge')).toEqual([])
  expect(ended).toBeGreaterThan(0)
})

test.each(wires)('over %s, on real sockets', async (wire) => {
  expect((await hearWire(seed, 60, sound, wire)).untyped, again).toEqual([])
})

test('a driver that was closed while it looked after its work comes to rest', async () => {
  for (const life of [3_000_018, 3_000_221, 3_000_239]) await hearMessages(life, 250, sound)
})

test('the same seed bends the same way, and machines said all that is bent', () => {
  const some = [...sound.events, ...[...sound.answers.values()].flat(), ...sound.packets]
  expect(some.length).toBeGreaterThan(100)
  const bent = () => {
    const rnd = random(7)
    return some.map((text) => bendMessage(rnd, text, 'x').bytes.toString('hex'))
  }
  expect(bent()).toEqual(bent())
})
