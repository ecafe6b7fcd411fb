import fc from 'fast-check'
import { expect, test } from 'vitest'
import { someDeliveries, someStamps, stampOf } from './deliveries.gen.ts'
import { type Entity, type EntityEdit, readEntity, readSet, takeEntityEdit } from './entity.ts'
import { valuesOf } from './or-set.ts'
import { compareStamps } from './stamp.ts'

const edit = (
  at: number,
  factId: string,
  fields: EntityEdit['fields'],
  sets?: EntityEdit['sets'],
): EntityEdit => ({
  ...{ rep: 0, hlc: String(at), factId, fields },
  ...(sets === undefined ? {} : { sets }),
})
const all = (edits: readonly EntityEdit[]): Entity => edits.reduce(takeEntityEdit, [])

test('edit, delete and edit again end the same in every order', () => {
  const made = edit(1, 'a', { name: 'Bun', price: 5 })
  const deleted = edit(2, 'b', { deleted: true })
  const late = edit(1, 'c', { name: 'Old bun' })
  for (const order of someDeliveries([made, deleted, late])) {
    expect(readEntity(all(order))).toEqual({
      fields: { name: 'Old bun', price: 5 },
      deleted: true,
    })
  }
  const again = edit(3, 'd', { name: 'New bun' })
  for (const order of someDeliveries([made, deleted, late, again])) {
    expect(readEntity(all(order))).toEqual({
      fields: { name: 'New bun', price: 5 },
      deleted: false,
    })
  }
})

test('a value that is added to a set makes an entity again; one that is removed does not', () => {
  const made = edit(1, 'a', { barcodes: ['1'] })
  const deleted = edit(2, 'b', { deleted: true })
  const gone = edit(3, 'c', {}, { barcodes: { remove: [{ value: '1', tags: ['a'] }] } })
  for (const order of someDeliveries([made, deleted, gone])) {
    expect(readEntity(all(order))).toEqual({ fields: { barcodes: [] }, deleted: true })
  }
  const added = edit(3, 'd', {}, { barcodes: { add: ['2'] } })
  for (const order of someDeliveries([made, deleted, gone, added])) {
    expect(readEntity(all(order))).toEqual({ fields: { barcodes: ['2'] }, deleted: false })
  }
  const back = edit(4, 'e', {}, { barcodes: { remove: [{ value: '2', tags: ['d'] }] } })
  for (const order of someDeliveries([made, deleted, added, back])) {
    expect(readEntity(all(order)).deleted).toBe(true)
  }
})

test('a reseal takes a field back from a clock of the year 2099, and it can be edited again', () => {
  const poisoned = edit(9_999, 'a', { name: 'poison' })
  const reseal = { ...edit(2, 'b', { name: 'bread' }), rep: 1 }
  const { rep } = reseal
  const after = { ...edit(3, 'c', { name: 'rye bread' }), rep }
  for (const order of someDeliveries([poisoned, reseal, edit(5, 'd', { name: 'low' })])) {
    expect(readEntity(all(order)).fields.name).toBe('bread')
  }
  for (const order of someDeliveries([poisoned, reseal, after])) {
    expect(readEntity(all(order)).fields.name).toBe('rye bread')
  }
})

const fields = fc.dictionary(fc.constantFrom('name', 'price', 'deleted'), fc.constantFrom(1, 2), {
  maxKeys: 2,
})
const change = fc.record(
  {
    add: fc.uniqueArray(fc.constantFrom('x', 'y'), { maxLength: 2 }),
    remove: fc.array(
      fc.record({
        value: fc.constantFrom('x', 'y'),
        tags: fc.array(
          fc.nat({ max: 6 }).map((index) => stampOf({ rep: 0, at: 0 }, index).factId),
          { maxLength: 2 },
        ),
      }),
      { maxLength: 1 },
    ),
  },
  { requiredKeys: [] },
)

test('an entity is the same in every order, and each field is its latest edit’s', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fields, fc.option(change, { nil: undefined })), { maxLength: 7 }),
      someStamps(7),
      (rows, places) => {
        const edits = rows.map(([said, set], index): EntityEdit => {
          const values = 'deleted' in said ? { ...said, deleted: true } : said
          const place = places[index] ?? { rep: 0, at: 0 }
          const sets = set === undefined ? {} : { sets: { barcodes: set } }
          return { ...stampOf(place, index), fields: values, ...sets }
        })
        const inOrder = [...edits].sort(compareStamps)
        const expected = Object.assign({}, ...inOrder.map((each) => each.fields))
        const first = readEntity(all(edits))
        for (const order of someDeliveries(edits)) {
          const held = all(order)
          expect(readEntity(held)).toEqual(first)
          expect(valuesOf(readSet(held, 'barcodes'))).toEqual(
            valuesOf(readSet(inOrder, 'barcodes')),
          )
        }
        for (const field of ['name', 'price']) expect(first.fields[field]).toBe(expected[field])
      },
    ),
    { numRuns: 120 },
  )
})
