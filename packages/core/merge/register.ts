import { compareStamps, type Stamp } from './stamp.ts'

/** One field of an entity: its value, and which edit gave it. */
export type Register<Value> = Stamp & { readonly value: Value }

/** Takes an edit into a register: the later by stamp stays, so order and repetition do not matter. */
export function takeRegisterEdit<Value>(
  held: Register<Value> | undefined,
  edit: Register<Value>,
): Register<Value> {
  return held === undefined || compareStamps(held, edit) < 0 ? edit : held
}
