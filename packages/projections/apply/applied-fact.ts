import type { FactOf, FactType, KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'

/** A fact to apply, and when this database's journal took it. */
export type AppliedFact<F extends KnownFact = KnownFact> = {
  readonly fact: F
  /** From the journal's row: so that tables built again from it are the same. */
  readonly recordedAt: string
}

export type AppliedOf<Type extends FactType> = AppliedFact<FactOf<Type>>
