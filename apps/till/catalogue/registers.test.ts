import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  emptyRegisters,
  readFields,
  readRegisters,
  registerKinds,
  takeEdit,
  writeRegisters,
} from './registers.ts'

const edits = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 5 }),
    product: fc.constantFrom('a', 'b'),
    fields: fc.dictionary(fc.constantFrom('name', 'code', 'active'), fc.integer(), { maxKeys: 3 }),
  }),
  { maxLength: 12 },
)

function factsOf(rows: readonly { at: number; product: string; fields: Record<string, number> }[]) {
  return rows.map(
    ({ at, product, fields }, index) =>
      ({
        id: `f${index}`,
        type: 'product.changed',
        hlc: String(at).padStart(16, '0'),
        body: { entityId: product, fields },
      }) as unknown as KnownFact,
  )
}

function valuesAfter(facts: readonly KnownFact[]) {
  const registers = emptyRegisters()
  for (const fact of facts) takeEdit(registers, fact)
  return new Map([...registers.product].sort().map(([id, held]) => [id, readFields(held)]))
}

test('a field has the value of the latest edit of it, whatever order the edits come in', () => {
  fc.assert(
    fc.property(edits, fc.infiniteStream(fc.nat()), (rows, chance) => {
      const facts = factsOf(rows)
      const shuffled = facts
        .map((fact) => [chance.next().value, fact] as const)
        .sort(([a], [b]) => Number(a) - Number(b))
        .map(([, fact]) => fact)
      const expected = new Map<string, Record<string, unknown>>()
      const inOrder = facts.toSorted((a, b) =>
        a.hlc === b.hlc ? (a.id < b.id ? -1 : 1) : a.hlc < b.hlc ? -1 : 1,
      )
      for (const fact of inOrder) {
        const { entityId, fields } = fact.body as { entityId: string; fields: object }
        expected.set(entityId, { ...expected.get(entityId), ...fields })
      }
      for (const order of [facts, shuffled, [...shuffled, ...facts]]) {
        const values = valuesAfter(order)
        for (const [id, fields] of expected) expect(values.get(id) ?? {}).toEqual(fields)
      }
    }),
  )
})

test('registers survive being written and read', () => {
  fc.assert(
    fc.property(edits, (rows) => {
      const registers = emptyRegisters()
      for (const fact of factsOf(rows)) takeEdit(registers, fact)
      const read = readRegisters(writeRegisters(registers))
      for (const kind of registerKinds) expect([...read[kind]]).toEqual([...registers[kind]])
    }),
  )
})

test('facts that edit no register change nothing', () => {
  const registers = emptyRegisters()
  expect(takeEdit(registers, { type: 'sale.completed', body: {} } as unknown as KnownFact)).toBe(
    false,
  )
  expect(
    takeEdit(registers, { type: 'credential.changed', body: {} } as unknown as KnownFact),
  ).toBe(false)
})
