import { emptySet, nameOf, type OrSet, takeSetEdit, valuesOf } from './or-set.ts'
import { compareStamps, type Stamp } from './stamp.ts'

// An entity out of its edits, in memory: what the servers' tables say, for a till and for the simulator.

/** Changes of a set: values that come, and values that go with the tags that were seen of them. */
export type SetChange = {
  readonly add?: readonly string[]
  readonly remove?: readonly { readonly value: string; readonly tags: readonly string[] }[]
}

/** One fact's new values for some fields of one entity. */
export type EntityEdit = Stamp & {
  readonly fields: Readonly<Record<string, unknown>>
  readonly sets?: Readonly<Record<string, SetChange>>
}

/** What is left of each edit: the fields that no later edit has overwritten. Earliest first. */
export type Entity = readonly EntityEdit[]

export type EntityValue = {
  readonly fields: Readonly<Record<string, unknown>>
  /** It was deleted, and nothing was said of it with a later stamp. */
  readonly deleted: boolean
}

/**
 * The field by which an entity is deleted. It is `true` or not said at all: whoever says something of the
 * entity with a later stamp makes it again, and what was known of it before is known again.
 */
export const deletedField = 'deleted'

/** Takes an edit into an entity: order and repetition do not matter. */
export function takeEntityEdit(held: Entity, edit: EntityEdit): Entity {
  if (held.some(({ factId, rep }) => factId === edit.factId && rep === edit.rep)) return held
  const ordered = [...held, edit].sort(compareStamps)
  const said = new Set<string>()
  const kept: EntityEdit[] = []
  // From the latest back: what a later edit said is dropped from the earlier ones. Changes of sets stay.
  for (const each of ordered.reverse()) {
    const own = Object.entries(each.fields).filter(([field]) => !said.has(field))
    for (const [field] of own) said.add(field)
    if (own.length > 0 || each.sets !== undefined) {
      kept.push({ ...each, fields: Object.fromEntries(own) })
    }
  }
  return kept.reverse()
}

/** The value of each field of an entity, and whether it is there. */
export function readEntity(edits: Entity): EntityValue {
  const fields: Record<string, unknown> = {}
  for (const edit of edits) Object.assign(fields, edit.fields)
  for (const field of setFields(edits)) fields[field] = valuesOf(readSet(edits, field))
  const deletedAt = edits.findLast((edit) => edit.fields[deletedField] === true)
  const deleted =
    deletedAt !== undefined &&
    !edits.some((edit) => says(edits, edit) && compareStamps(deletedAt, edit) < 0)
  delete fields[deletedField]
  return { fields, deleted }
}

/** A field of an entity as a set: what a change of it has to name is in it. */
export function readSet(edits: Entity, field: string): OrSet {
  let set = emptySet
  for (const { fields, sets, ...stamp } of edits) {
    const values = fields[field]
    if (Array.isArray(values)) set = takeSetEdit(set, { kind: 'assign', stamp, values })
    const change = sets?.[field]
    for (const value of change?.add ?? []) set = takeSetEdit(set, { kind: 'add', stamp, value })
    for (const gone of change?.remove ?? []) set = takeSetEdit(set, { kind: 'remove', ...gone })
  }
  return set
}

function setFields(edits: Entity): ReadonlySet<string> {
  return new Set(edits.flatMap(({ sets = {} }) => Object.keys(sets)))
}

/** Whether an edit says that there is something: a value, or a value of a set that nobody removed since. */
function says(edits: Entity, { fields, sets = {}, factId }: EntityEdit): boolean {
  return (
    Object.keys(fields).some((field) => field !== deletedField) ||
    Object.entries(sets).some(([field, { add = [] }]) =>
      add.some((value) => !readSet(edits, field).removed.has(nameOf(factId, value))),
    )
  )
}
