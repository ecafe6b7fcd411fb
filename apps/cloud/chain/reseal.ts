import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { type RegisterKind, repMax } from '@tillkeeper/facts/catalogue/registers.ts'
import { upcast } from '@tillkeeper/facts/read-fact.ts'
import { hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import type { Fact } from '@tillkeeper/facts/seal/seal.ts'
import { type ChainDeps, type Changing, changeChain } from './change-chain.ts'
import type { Changed } from './changed.ts'
import { spreadCredentials } from './spread-credentials.ts'

export type ResealRefusal =
  | { readonly code: 'not_found' }
  | { readonly code: 'body_invalid' }
  | { readonly code: 'resealed_too_often' }

export type ResealFields = {
  readonly kind: Exclude<RegisterKind, 'org' | 'credential' | 'apikey'>
  readonly id: string
  readonly fields: Readonly<Record<string, unknown>>
}

/**
 * Takes fields back from a clock that was wrong. A value that was said in the year 2099 would win for ever; said
 * with a higher `rep` ours wins over it, on every node, and later edits win over ours.
 */
export function resealFields(
  deps: ChainDeps,
  changing: Changing,
  { kind, id, fields }: ResealFields,
): Promise<Outcome<Changed, ResealRefusal>> {
  return changeChain(deps, changing, async (change): Promise<Outcome<Changed, ResealRefusal>> => {
    const { tx, org, record } = change
    const [held] = await tx<{ rep: number | null }[]>`
      SELECT max(rep) AS rep FROM register
      WHERE org_id = ${org} AND kind = ${kind} AND entity_id = ${id}
    `
    if (held?.rep == null) return refused({ code: 'not_found' })
    if (held.rep >= repMax) return refused({ code: 'resealed_too_often' })
    const edit = { kind, entityId: id, rep: held.rep + 1, fields }
    if ('deleted' in fields || !fitsKind(edit)) return refused({ code: 'body_invalid' })
    await record('org', [edit])
    await spreadCredentials(change)
    return accepted({ id, changed: true })
  })
}

/** Whether the kind has these fields, with such values. */
function fitsKind({
  kind,
  ...body
}: {
  kind: RegisterKind
  entityId: string
  rep: number
}): boolean {
  const fact = { type: `${kind}.changed`, v: 2, hlc: hlcZero, body } as unknown as Fact
  return upcast(fact).kind === 'known'
}
