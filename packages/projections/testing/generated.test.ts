import { catalogue, type FactType } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'
import { expect, test } from 'vitest'
import { generateStreams } from './fill-database.ts'
import { chanceFrom, generateChain } from './trade.gen.ts'

// The property over delivery orders (replicas.ts) says something of a fact only where there are such facts.

/** They move no money, and need what is not generated here; each has tests of its own beside what it does. */
const elsewhere: readonly FactType[] = [
  // Names and locks: merges.pg.test.ts, and the tests of who may log in.
  'apikey.changed',
  'credential.changed',
  // A device of a till: apply-till-enrolled.pg.test.ts.
  'till.enrolled',
  // What a person says of a fact that is parked: parking.pg.test.ts.
  'fact.resolved',
]

const seeds = [1, 2, 3, 4, 5, 6]

function factsOf(seed: number) {
  const chance = chanceFrom(seed)
  const chain = generateChain(chance, { shops: 2, tills: 2, products: 12 })
  const options = { days: 2, salesPerSession: 20, late: true }
  return generateStreams(chance, chain, options).flatMap(({ sealed }) => sealed)
}

test('every type of fact of the catalogue is among those that are delivered in any order', () => {
  const made = new Set<string>(
    seeds.flatMap(factsOf).map(({ bytes }) => {
      const read = readFact(bytes)
      expect(read.kind, new TextDecoder().decode(bytes)).toBe('known')
      return read.kind === 'known' ? read.fact.type : ''
    }),
  )
  const missing = Object.keys(catalogue).filter((type) => !made.has(type))
  expect(missing.toSorted(), 'these have no generator in packages/projections/testing').toEqual(
    [...elsewhere].sort(),
  )
})

test.each(elsewhere)('%s says no amount of money, so it may be left out', (type) => {
  expect(JSON.stringify(catalogue[type].body)).not.toMatch(/minor|amount|cash/i)
})
