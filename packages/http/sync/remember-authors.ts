import type { Child } from './child.ts'
import type { SyncParent } from './sync-parent.ts'

/** A till that was moved to another shop may still be brought by the old one for so long. */
const rememberMs = 2_000
const rememberedMax = 2_000

/** Whether a child may bring an author's streams. */
export type MayBring = (child: Child, author: string) => Promise<boolean>

/**
 * Remembers for a moment whose streams a child may bring, since every push asks. A new author is not
 * refused by it: whoever is not among those remembered is looked up.
 */
export function rememberAuthors({
  authorsOf,
  now,
}: Pick<SyncParent, 'authorsOf' | 'now'>): MayBring {
  const remembered = new Map<
    string,
    { readonly authors: ReadonlySet<string>; readonly untilMs: number }
  >()
  return async (child, author) => {
    const name = `${child.org}/${child.author}`
    const nowMs = now().getTime()
    const known = remembered.get(name)
    if (known !== undefined && known.untilMs > nowMs && known.authors.has(author)) return true
    const authors = await authorsOf(child)
    if (remembered.size >= rememberedMax) remembered.clear()
    remembered.set(name, { authors, untilMs: nowMs + rememberMs })
    return authors.has(author)
  }
}
