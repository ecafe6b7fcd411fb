import { expect, test } from 'vitest'
import { readArguments } from '../run/arguments.ts'
import { playRecycler } from './play-recycler.ts'
import { playOf } from './run-recyclers.ts'

const seeds = Array.from({ length: 40 }, (_, at) => at + 1)

test('forty machines with faults: no satang that nobody speaks of, and none that stays broken', async () => {
  const fired = new Set<string>()
  let certain = 0
  for (const seed of seeds) {
    const played = await playOf(seed)
    expect(played.why, `npm run sim -- --recycler --seed ${seed} --trace`).toEqual([])
    expect(played.unaccountedMinor).toBe(0)
    for (const name of Object.keys(played.fired)) fired.add(name)
    certain += played.certain
  }
  // It is no play in which nothing happens: money moved, and most kinds of faults were met.
  expect(certain).toBeGreaterThan(seeds.length)
  expect(fired.size).toBeGreaterThan(30)
})

test('the same seed is the same run, to the letter', async () => {
  const [once, again] = [await playRecycler(7), await playRecycler(7)]
  expect(again.lines).toEqual(once.lines)
  expect(once.lines.length).toBeGreaterThan(5)
})

test('a deposit that was given up does not keep its machine from being counted again', async () => {
  expect((await playRecycler(396)).why).toEqual([])
})

test('what a person asks of a recycler run is read', () => {
  expect(readArguments(['--recycler', '2000', '--json'])).toMatchObject({
    ...{ mode: 'recycler', recyclers: 2000, json: true },
  })
  expect(readArguments(['--recycler', '--seed', '7'])).toMatchObject({ mode: 'recycler', seed: 7 })
})
