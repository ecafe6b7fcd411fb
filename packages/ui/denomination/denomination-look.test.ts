import { denominationsOf } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { expect, test } from 'vitest'
import { findLook } from './denomination-look.ts'

const currencies = ['THB', 'GBP', 'EUR', 'USD', 'JPY', 'IDR', 'CNY', 'AUD', 'RUB'] as Currency[]

test('every note that we know has a colour of its own currency', () => {
  for (const currency of currencies) {
    const notes = denominationsOf(currency).filter(({ kind }) => kind === 'note')
    expect(notes.length).toBeGreaterThan(0)
    for (const { faceMinor } of notes) {
      expect(findLook(currency, faceMinor).colour, `${currency} ${faceMinor}`).toMatch(/note-/)
    }
  }
})

test('no two Thai notes look alike, and the 10 baht has its rim', () => {
  const notes = [100_000, 50_000, 10_000, 5_000, 2_000].map(minor)
  const colours = notes.map((face) => findLook('THB' as Currency, face).colour)
  expect(new Set(colours).size).toBe(notes.length)
  expect(findLook('THB' as Currency, minor(1_000))).toMatchObject({ kind: 'coin', rim: 'gold' })
})

test('a face that no table has is drawn all the same', () => {
  expect(findLook('XTS' as Currency, minor(7)).colour).toBe('var(--note-grey)')
})
