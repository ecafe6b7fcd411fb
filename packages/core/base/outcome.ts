/**
 * What a command led to: a value, or the reason it was refused. A refusal is an ordinary answer
 * that the caller must handle. A bug is never a refusal (see assert.ts).
 */
export type Outcome<Value, Refusal extends { readonly code: string }> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal }

/** The command is accepted and led to `value`. */
export function accepted<Value>(value: Value) {
  return { ok: true, value } as const
}

/** The world says no: `refusal.code` is stable, and the same in code, wire, log and translation. */
export function refused<const Refusal extends { readonly code: string }>(refusal: Refusal) {
  return { ok: false, refusal } as const
}
