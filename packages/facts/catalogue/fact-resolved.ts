import Type from 'typebox'
import type { Fact } from '../seal/seal.ts'
import { type ReadonlyStatic, Strict, Text, Uuid } from './parts.ts'

/** A person settled a fact that could not be projected. The fact stays in the journal, as sealed. */
export const FactResolvedBody = Strict({
  /** The fact that counts nothing from now on, on every node. */
  factId: Uuid<string>(),
  how: Type.Union([Type.Literal('skipped'), Type.Literal('replaced')]),
  /** Why, and where the evidence lies. */
  note: Text(200, 1),
  /** The fact that says what it should have said. */
  replacementId: Type.Optional(Uuid<string>()),
})

export type FactResolvedBody = ReadonlyStatic<typeof FactResolvedBody>
export type FactResolvedFact = Fact<'fact.resolved', FactResolvedBody>
