import type { SaleTender } from '@tillkeeper/facts/catalogue/sale-completed.ts'
import type { Effects, MachineUseRow } from '../apply/effects.ts'

// Acts that a cash recycler moved the money of. The money itself is booked once, by the machine's own facts, between
// its stock and the customer's place; what an act says of it is kept beside that and compared.

type Act = {
  readonly id: string
  readonly businessDate: string
  readonly occurredAt: string
  readonly body: {
    readonly shopId: string
    readonly staffId: string
    readonly currency: string
  }
}

/** Notes that an act names an attempt. `minor` is into the machine above zero, out of it below. */
export function addMachineUse(
  effects: Effects,
  { id, businessDate, occurredAt, body }: Act,
  use: {
    readonly attemptId: string
    readonly kind: MachineUseRow['kind']
    readonly minor: number
    readonly part?: string
  },
): void {
  effects.machineUses.push({
    ...{ attempt_id: use.attemptId, act_id: id, part: use.part ?? '', kind: use.kind },
    ...{ shop_id: body.shopId, staff_id: body.staffId, currency: body.currency },
    ...{ amount_minor: use.minor, business_date: businessDate, occurred_at: occurredAt },
  })
  effects.touched.attempts.add(use.attemptId)
}

/** The tenders of a sale that a machine took, or of a refund that it gave. Money of a machine is of the act's currency. */
export function addMachineTenders(
  effects: Effects,
  act: Act & { readonly body: { readonly tenders: readonly SaleTender[] } },
  kind: 'sale' | 'refund',
): void {
  for (const [index, { method, attemptId, givenMinor }] of act.body.tenders.entries()) {
    if (method !== 'machine' || attemptId === undefined) continue
    const minor = kind === 'sale' ? givenMinor : -givenMinor
    addMachineUse(effects, act, { attemptId, kind, minor, part: String(index + 1) })
  }
}
