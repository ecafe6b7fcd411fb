import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { EnrolRefusal, Manager, TillChoice } from './enrol-till.ts'

/** What the set-up screen shows. */
export type SetUp =
  | { readonly stage: 'manager'; readonly refusal?: EnrolRefusal['code'] | undefined }
  | { readonly stage: 'asking' }
  | {
      readonly stage: 'choosing'
      readonly manager: Manager
      readonly refusal?: EnrolRefusal['code'] | undefined
    }
  /** As that till this device could not send what it still keeps: a person has to say so. */
  | { readonly stage: 'sure'; readonly manager: Manager; readonly till: TillChoice }
  | { readonly stage: 'enrolling'; readonly manager: Manager }

/** What this device was before, where it is set up again. */
export type Before = { readonly tillId: string; readonly unsent: number }

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

/** A till was chosen. The same till again keeps everything; another loses what was never sent. */
export function onChosen(
  { manager, till }: { readonly manager: Manager; readonly till: TillChoice },
  before: Before | undefined,
): SetUp {
  const loses = before !== undefined && before.unsent > 0 && before.tillId !== till.id
  return loses ? { stage: 'sure', manager, till } : { stage: 'enrolling', manager }
}
