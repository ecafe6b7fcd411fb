import { compareStamps, type Stamp } from './stamp.ts'

// An add-wins set (Shapiro et al., 2011: observed-remove). Each time a value is added it gets a tag, the id of
// the fact that added it; a remove names the tags that its author saw. So an add that the remover did not see
// stays. A whole list may be assigned too: it adds all its values and removes every tag with an earlier stamp.

export type SetEdit =
  | { readonly kind: 'assign'; readonly stamp: Stamp; readonly values: readonly string[] }
  | { readonly kind: 'add'; readonly stamp: Stamp; readonly value: string }
  | { readonly kind: 'remove'; readonly value: string; readonly tags: readonly string[] }

type Added = { readonly stamp: Stamp; readonly value: string }

export type OrSet = {
  /** The latest whole list. */
  readonly assigned: { readonly stamp: Stamp; readonly values: readonly string[] } | undefined
  /** Adds by tag and value. */
  readonly added: ReadonlyMap<string, Added>
  /** Tags with the value that they were removed from. They stay: the add may still be on its way. */
  readonly removed: ReadonlySet<string>
}

export const emptySet: OrSet = { assigned: undefined, added: new Map(), removed: new Set() }

/** How a tag of a value is called in `added` and `removed`. */
export const nameOf = (tag: string, value: string): string => `${tag}/${value}`

/** Takes an edit into a set. The order of edits and their repetition do not matter. */
export function takeSetEdit(held: OrSet, edit: SetEdit): OrSet {
  switch (edit.kind) {
    case 'assign': {
      const { stamp, values } = edit
      const { assigned } = held
      const isLater = assigned === undefined || compareStamps(assigned.stamp, stamp) < 0
      return isLater ? { ...held, assigned: { stamp, values } } : held
    }
    case 'add': {
      const { stamp, value } = edit
      return {
        ...held,
        added: new Map(held.added).set(nameOf(stamp.factId, value), { stamp, value }),
      }
    }
    case 'remove': {
      const removed = new Set(held.removed)
      for (const tag of edit.tags) removed.add(nameOf(tag, edit.value))
      return { ...held, removed }
    }
  }
}

/** What is in the set: the assigned list in its order, then what was added since, sorted. */
export function valuesOf(set: OrSet): readonly string[] {
  const later = [...livingAdds(set)].map(({ value }) => value).sort()
  return [...new Set([...livingAssigned(set), ...later])]
}

/** The tags that a remove of `value` has to name, so that all that is seen of it here goes. */
export function tagsOf(set: OrSet, value: string): readonly string[] {
  const assigned = livingAssigned(set).includes(value) ? [set.assigned?.stamp.factId ?? ''] : []
  const added = [...livingAdds(set)]
    .filter((add) => add.value === value)
    .map(({ stamp }) => stamp.factId)
  return [...new Set([...assigned, ...added])].sort()
}

function livingAssigned({ assigned, removed }: OrSet): readonly string[] {
  if (assigned === undefined) return []
  const { stamp, values } = assigned
  return values.filter((value) => !removed.has(nameOf(stamp.factId, value)))
}

function* livingAdds({ assigned, added, removed }: OrSet): Generator<Added> {
  for (const [name, add] of added) {
    if (removed.has(name)) continue
    // What one edit adds beside its own whole list counts too.
    if (assigned === undefined || compareStamps(assigned.stamp, add.stamp) <= 0) yield add
  }
}
