import { describeMovement } from '../evening/describe-evening.ts'
import { en, type OfficeKey } from '../messages/en.ts'

/** What an act at a till was, in words. */
export function describeAct(kind: string): OfficeKey {
  const key = `rewind.act.${kind}`
  return Object.hasOwn(en, key) ? (key as OfficeKey) : describeMovement(kind)
}
