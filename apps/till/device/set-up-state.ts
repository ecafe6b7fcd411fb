import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { EnrolRefusal, Manager } from './enrol-till.ts'

/** What the set-up screen shows. */
export type SetUp =
  | { readonly stage: 'manager'; readonly refusal?: EnrolRefusal['code'] | undefined }
  | { readonly stage: 'asking' }
  | {
      readonly stage: 'choosing'
      readonly manager: Manager
      readonly refusal?: EnrolRefusal['code'] | undefined
    }
  | { readonly stage: 'enrolling'; readonly manager: Manager }

export const startSetUp: SetUp = { stage: 'manager' }

/** The answer to the manager's number and PIN. */
export function onManager(answer: Outcome<Manager, EnrolRefusal>): SetUp {
  return answer.ok
    ? { stage: 'choosing', manager: answer.value }
    : { stage: 'manager', refusal: answer.refusal.code }
}

/** The till could not be set up: the choice stands, unless it needs another person. */
export function onEnrolRefused(manager: Manager, refusal: EnrolRefusal): SetUp {
  return refusal.code === 'forbidden' || refusal.code === 'wrong'
    ? { stage: 'manager', refusal: refusal.code }
    : { stage: 'choosing', manager, refusal: refusal.code }
}
