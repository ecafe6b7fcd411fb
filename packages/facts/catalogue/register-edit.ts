import type { EntityEdit } from '@tillkeeper/core/merge/entity.ts'
import type { Stamp } from '@tillkeeper/core/merge/stamp.ts'
import type { Fact } from '../seal/seal.ts'
import { catalogue } from './catalogue.ts'
import { type RegisterEditBody, type RegisterKind, registerBodies } from './registers.ts'

/** One fact's new values for some fields of one entity, with what orders it among others. */
export type RegisterEdit = EntityEdit & {
  readonly kind: RegisterKind
  readonly entityId: string
  /** The feed that told of it, for kinds that are held once for each feed; empty for the others. */
  readonly scope: string
  /** The tombstone that has ended. */
  readonly ended?: Stamp
}

/** What an edit's fact is of; `undefined` where it edits no register. */
export function registerKindOf(type: string): RegisterKind | undefined {
  const kind = type.endsWith('.changed') ? type.slice(0, -'.changed'.length) : ''
  return Object.hasOwn(registerBodies, kind) ? (kind as RegisterKind) : undefined
}

/**
 * Reads a fact in its newest shape as an edit. One that the cloud relayed has the stamp of the original: so the
 * original and its relay are one edit, and its author sees nothing change.
 */
export function readRegisterEdit(
  fact: Pick<Fact, 'id' | 'type' | 'hlc' | 'scope' | 'body'>,
): RegisterEdit | undefined {
  const kind = registerKindOf(fact.type)
  if (kind === undefined) return undefined
  const { entityId, rep = 0, origin, fields, sets, ended } = fact.body as RegisterEditBody
  return {
    kind,
    entityId,
    rep,
    hlc: origin?.hlc ?? fact.hlc,
    factId: origin?.factId ?? fact.id,
    fields,
    ...(sets === undefined ? {} : { sets }),
    ...(ended === undefined ? {} : { ended }),
    scope: isHeldByScope(kind) ? fact.scope : '',
  }
}

/** Credentials and keys go to shops one by one, and are taken back from them one by one. */
export function isHeldByScope(kind: RegisterKind): boolean {
  return kind === 'credential' || kind === 'apikey'
}

const fieldsOfVersion2: ReadonlySet<string> = new Set(['note', 'deleted'])
const fieldsOfVersion3: ReadonlySet<string> = new Set([
  'drawerLimitMinor',
  'toleranceMinor',
  'investigateMinor',
  'blindClose',
  'floatMinor',
  'limits',
  'cashRounding',
])
const fieldsOfVersion4: ReadonlySet<string> = new Set(['expenseDayMinor'])

/**
 * The version to seal an edit in: the lowest that can say it, so that peers of the version before go on
 * reading the settings that they always read.
 */
export function registerEditVersion(kind: RegisterKind, body: RegisterEditBody): number {
  const { rep, origin, ended, sets, fields } = body
  const names = Object.keys(fields)
  const { v } = catalogue[`${kind}.changed`]
  if (names.some((field) => fieldsOfVersion4.has(field))) return v
  if (names.some((field) => fieldsOfVersion3.has(field))) return Math.min(3, v)
  const isNew =
    rep !== undefined ||
    origin !== undefined ||
    ended !== undefined ||
    sets !== undefined ||
    names.some((field) => fieldsOfVersion2.has(field))
  return isNew ? Math.min(2, v) : 1
}
