/** Thrown when our own code is wrong. Nothing catches it to carry on; the process reports it. */
export class Bug extends Error {
  override readonly name = 'Bug'
}

/** States something that can only be false if the code is wrong. It stays on in production. */
export function assert(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new Bug(claim)
}

/** Marks a branch that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new Bug(`unreachable value: ${String(value)}`)
}
