import { type OrgId, uuidv7 } from '@tillkeeper/core/base/id.ts'
import type { EntityEdit } from '@tillkeeper/core/merge/entity.ts'
import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import type { RegisterKind } from '@tillkeeper/facts/catalogue/registers.ts'
import { type Hlc, hlcZero, nextHlc } from '@tillkeeper/facts/seal/hlc.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import type { AppliedFact } from '../apply/applied-fact.ts'
import { recordedAt } from './fill-database.ts'
import type { Chance } from './trade.gen.ts'

export const newId = (chance: Chance): string => uuidv7(Date.parse(recordedAt), chance.bytes(10))

export type SomeEdit = Partial<Omit<EntityEdit, 'hlc'>> & {
  readonly kind: RegisterKind
  readonly entityId: string
  /** Minutes after the first of March. */
  readonly at: number
  readonly scope?: string
  readonly author?: string
  readonly ended?: { readonly rep: number; readonly hlc: Hlc; readonly factId: string }
}

export const hlcAt = (minutes: number): Hlc =>
  nextHlc(hlcZero, Date.parse('2026-03-01T00:00:00.000Z') + minutes * 60_000)

/** An edit as it comes out of the journal. */
export function appliedEdit(org: OrgId, edit: SomeEdit & { readonly factId: string }): AppliedFact {
  const { kind, entityId, at, factId, rep, fields = {}, sets, ended } = edit
  const fact = {
    ...{ org, author: edit.author ?? 'cloud', epoch: '1.0', seq: 1, hlc: hlcAt(at), v: 2 },
    ...{ id: factId, type: `${kind}.changed`, scope: edit.scope ?? 'org', actor: 'node:cloud' },
    ...{ occurredAt: recordedAt, businessDate: '2026-03-01', keys: [], refs: [] },
    body: {
      ...{ entityId, fields },
      ...(rep === undefined ? {} : { rep }),
      ...(sets === undefined ? {} : { sets }),
      ...(ended === undefined ? {} : { ended }),
    },
  }
  return { fact: fact as unknown as KnownFact, recordedAt }
}

/** An edit before its author has sealed it. */
export function draftOfEdit(chance: Chance, edit: Omit<SomeEdit, 'at'>): FactDraft {
  const { kind, entityId, rep, fields = {}, sets } = edit
  return {
    ...{ id: edit.factId ?? newId(chance), type: `${kind}.changed`, v: 2 },
    ...{ scope: edit.scope ?? 'org', actor: 'node:test' },
    ...{ occurredAt: recordedAt, businessDate: '2026-03-01' },
    ...{ keys: [`${kind}:${entityId}`], refs: [] },
    body: {
      ...{ entityId, fields },
      ...(rep === undefined ? {} : { rep }),
      ...(sets === undefined ? {} : { sets }),
    },
  }
}
