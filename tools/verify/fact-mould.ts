import { assert } from '@tillkeeper/core/base/assert.ts'
import { canonicalJson } from '@tillkeeper/facts/seal/canonical.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'

// Sealing a million facts one by one takes minutes, most of it spent on writing the same JSON. A mould
// is a fact written once, with gaps where the copies differ; what comes out is what sealing would give.

/** What is different in each copy. */
export type Cast = {
  readonly id: string
  readonly author: string
  readonly hlc: string
  readonly seq: number
}

const gaps = { author: '@author@', hlc: '@hlc@', id: '@id@' } as const
const seqGap = 987_654_321

/** Makes a mould of a draft; it gives the canonical text of a fact. */
export function mouldOf(org: string, epoch: string, draft: FactDraft): (cast: Cast) => string {
  const text = canonicalJson({ ...draft, ...gaps, org, epoch, seq: seqGap })
  // Canonical JSON has its fields in the order of their names.
  const [beforeAuthor = '', afterAuthor = ''] = cut(text, gaps.author)
  const [beforeHlc = '', afterHlc = ''] = cut(afterAuthor, gaps.hlc)
  const [beforeId = '', afterId = ''] = cut(afterHlc, gaps.id)
  const [beforeSeq = '', afterSeq = ''] = cut(afterId, String(seqGap))
  return ({ author, hlc, id, seq }) =>
    beforeAuthor + author + beforeHlc + hlc + beforeId + id + beforeSeq + seq + afterSeq
}

function cut(text: string, gap: string): readonly string[] {
  const parts = text.split(gap)
  assert(parts.length === 2, 'a gap is in a fact once')
  return parts
}
