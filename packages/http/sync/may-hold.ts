import { parseStreamId, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Child } from './child.ts'
import type { SyncParent } from './sync-parent.ts'

/**
 * What a child may hold, and so pull, load in a snapshot and compare: feeds of the scopes that its
 * credential gives it, and the author streams that it may bring. The child never asks for a filter.
 */
export async function mayHold(
  { scopesOf, authorsOf }: Pick<SyncParent, 'scopesOf' | 'authorsOf'>,
  child: Child,
): Promise<(stream: StreamId) => boolean> {
  const scopes = new Set(scopesOf(child))
  const authors = await authorsOf(child)
  return (stream) => {
    const name = parseStreamId(stream)
    if (name === undefined) return false
    return name.kind === 'feed' ? scopes.has(name.scope) : authors.has(name.author)
  }
}
