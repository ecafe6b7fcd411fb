import { expect, test } from 'vitest'
import { checkCatalogues } from '../testing/check-catalogues.ts'
import { en } from './en.ts'
import { id } from './id.ts'
import { th } from './th.ts'

test('every message is well formed and says the same in each language', () => {
  expect(checkCatalogues({ en, th, id })).toEqual([])
})
