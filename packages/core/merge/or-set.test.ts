import fc from 'fast-check'
import { expect, test } from 'vitest'
import { someDeliveries, stampOf } from './deliveries.gen.ts'
import { emptySet, type OrSet, type SetEdit, tagsOf, takeSetEdit, valuesOf } from './or-set.ts'
import { compareStamps, type Stamp } from './stamp.ts'

const stamp = (at: number, factId: string): Stamp => ({ rep: 0, hlc: String(at), factId })
const all = (edits: readonly SetEdit[]): OrSet => edits.reduce(takeSetEdit, emptySet)
const add = (at: number, factId: string, value: string): SetEdit => ({
  ...{ kind: 'add', stamp: stamp(at, factId), value },
})

test('an add that the remover did not see stays', () => {
  const seen = [add(1, 'a', 'x')]
  const remove: SetEdit = { kind: 'remove', value: 'x', tags: tagsOf(all(seen), 'x') }
  for (const order of someDeliveries([...seen, remove, add(2, 'b', 'x')])) {
    expect(valuesOf(all(order))).toEqual(['x'])
  }
  for (const order of someDeliveries([...seen, remove])) expect(valuesOf(all(order))).toEqual([])
})

test('a whole list removes what was added before it, and what comes later is added to it', () => {
  const edits: SetEdit[] = [
    add(1, 'a', 'old'),
    { kind: 'assign', stamp: stamp(2, 'b'), values: ['z', 'y'] },
    { kind: 'assign', stamp: stamp(0, 'c'), values: ['older'] },
    add(3, 'd', 'new'),
    add(4, 'e', 'y'),
  ]
  for (const order of someDeliveries(edits)) {
    expect(valuesOf(all(order))).toEqual(['z', 'y', 'new'])
    expect(tagsOf(all(order), 'y')).toEqual(['b', 'e'])
  }
})

test('a value of a whole list can be removed, and of this list alone', () => {
  const edits: SetEdit[] = [
    { kind: 'assign', stamp: stamp(1, 'a'), values: ['x', 'y'] },
    { kind: 'remove', value: 'x', tags: ['a'] },
  ]
  for (const order of someDeliveries(edits)) expect(valuesOf(all(order))).toEqual(['y'])
  const again: SetEdit = { kind: 'assign', stamp: stamp(2, 'b'), values: ['x'] }
  for (const order of someDeliveries([...edits, again])) {
    expect(valuesOf(all(order))).toEqual(['x'])
  }
})

const value = fc.constantFrom('p', 'q', 'r')
const someEdit = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), value }),
  fc.record({ kind: fc.constant('assign' as const), values: fc.uniqueArray(value) }),
  // Removes what a node that had seen the first `seen` edits saw of it.
  fc.record({ kind: fc.constant('remove' as const), value, seen: fc.nat({ max: 8 }) }),
)
const somePlace = fc.record({ rep: fc.constantFrom(0, 0, 1), at: fc.nat({ max: 4 }) })

test('a set is what its adds, removes and lists come to, in every order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(someEdit, somePlace), { maxLength: 8 }), (rows) => {
      const edits: SetEdit[] = []
      for (const [index, [row, place]] of rows.entries()) {
        const at = stampOf(place, index)
        if (row.kind === 'remove') {
          const tags = tagsOf(all(edits.slice(0, row.seen)), row.value)
          edits.push({ kind: 'remove', value: row.value, tags })
        } else edits.push({ ...row, stamp: at })
      }
      const expected = modelOf(edits)
      for (const order of someDeliveries(edits)) {
        expect(new Set(valuesOf(all(order)))).toEqual(expected)
      }
      const lists = someDeliveries(edits).map((order) => valuesOf(all(order)).join())
      expect(new Set(lists).size, 'the order of the values is the same too').toBe(1)
    }),
    { numRuns: 150 },
  )
})

/** The definition: a tag lives if no remove names it and no whole list is later than it. */
function modelOf(edits: readonly SetEdit[]): ReadonlySet<string> {
  const lists = edits.filter((edit) => edit.kind === 'assign')
  const tags = edits.flatMap((edit) => {
    if (edit.kind === 'add') return [{ stamp: edit.stamp, value: edit.value }]
    if (edit.kind === 'assign')
      return edit.values.map((each) => ({ stamp: edit.stamp, value: each }))
    return []
  })
  const living = tags.filter(
    (tag) =>
      !lists.some((list) => compareStamps(tag.stamp, list.stamp) < 0) &&
      !edits.some(
        (edit) =>
          edit.kind === 'remove' &&
          edit.value === tag.value &&
          edit.tags.includes(tag.stamp.factId),
      ),
  )
  return new Set(living.map((tag) => tag.value))
}
