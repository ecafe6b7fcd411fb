import type { FaultKind } from '../api/problem.ts'
import type { OfficeKey } from '../messages/en.ts'

/** Why a login did not come about. */
export type LoginRefusal = {
  readonly kind: FaultKind
  readonly retryAfterSeconds: number | undefined
}

type Words = { readonly happened: OfficeKey; readonly safe: OfficeKey; readonly next: OfficeKey }

/** The words for it. They never say which of login and password was wrong. */
export function describeRefusal({ kind, retryAfterSeconds }: LoginRefusal): Words {
  if (kind === 'unreachable') {
    return {
      happened: 'fault.unreachable',
      safe: 'fault.unreachable.safe',
      next: 'fault.unreachable.next',
    }
  }
  if (kind === 'busy') {
    return {
      happened: 'login.locked',
      safe: 'login.locked.safe',
      next: retryAfterSeconds === undefined ? 'login.locked.soon' : 'login.locked.next',
    }
  }
  if (kind === 'login' || kind === 'failed') {
    return { happened: 'login.refused', safe: 'login.refused.safe', next: 'login.refused.next' }
  }
  return { happened: 'fault.failed', safe: 'fault.failed.safe', next: 'fault.failed.next' }
}
