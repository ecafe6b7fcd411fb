import type { Static, TSchema } from 'typebox'

/** A value that nobody may change, however deep. */
export type DeepReadonly<T> = unknown extends T
  ? T
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? readonly DeepReadonly<Item>[]
      : { readonly [Key in keyof T]: DeepReadonly<T[Key]> }

/**
 * Says that a value is what a schema promises. The compiler checks it; our values are readonly, and those
 * of schemas are not, which is the only difference.
 */
export function fits<Schema extends TSchema>(
  _schema: Schema,
  value: DeepReadonly<Static<Schema>>,
): Static<Schema> {
  return value as Static<Schema>
}
