import Type, { type Static } from 'typebox'
import { Check } from 'typebox/value'

// A browser may throw a database away (a full disk, somebody who clears "site data"), and what was not
// sent is gone with it. What lies in local storage is thrown away later, or apart: it keeps how far this
// till had come, so that a loss is found and said, and never looks like an empty day.

const shape = Type.Object({
  org: Type.String(),
  tillId: Type.String(),
  author: Type.String(),
  stream: Type.String(),
  seq: Type.Integer({ minimum: 1 }),
  /** Of the chain up to it, in hexadecimal. */
  hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** What the store server had acknowledged of the stream, */
  ackedSeq: Type.Integer({ minimum: 0 }),
  /** and how many facts of all streams it had not. */
  unsent: Type.Integer({ minimum: 0 }),
  /** How people call the till. */
  tillName: Type.String(),
})

/** How far this till's sealing had come. */
export type Witness = Static<typeof shape>

/** Writes a witness as text. */
export function writeWitness(witness: Witness): string {
  return JSON.stringify(witness)
}

/** Reads what `writeWitness` wrote; `undefined` for any other text. */
export function readWitness(text: string | null): Witness | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return Check(shape, value) ? value : undefined
  } catch {
    return undefined // Somebody else's text, or none.
  }
}

/** What a start finds. */
export type Missing =
  | { readonly is: 'nothing' }
  /** Facts after `heldSeq` were here and are not any more; the store server may have them. */
  | { readonly is: 'tail'; readonly heldSeq: number; readonly witness: Witness }

/** Compares the witness with the heads that are held, by stream. */
export function findMissing(
  witness: Witness | undefined,
  heads: ReadonlyMap<string, number>,
): Missing {
  if (witness === undefined) return { is: 'nothing' }
  const heldSeq = heads.get(witness.stream) ?? 0
  return heldSeq < witness.seq ? { is: 'tail', heldSeq, witness } : { is: 'nothing' }
}
