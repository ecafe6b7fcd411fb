import { parseStreamId } from '@tillkeeper/facts/seal/stream.ts'
import { judgeToken, tokensKept } from '@tillkeeper/sync/identity/rolling-token.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'
import { HashesRequest, type Hello, RenewRequest } from '@tillkeeper/sync/message/messages.ts'
import { Check } from 'typebox/value'
import type { Volume } from '../world/disk.ts'
import type { World } from '../world/world.ts'
import { authorOf, type Journal } from './journal.ts'
import { type Child, json, type ParentSide, refusal } from './parent-side.ts'

// What a parent keeps of who its children are: the words that they said, and the epochs that it granted.
// What is decided (whether a word is a copy's) is decided by the real code.

/** What a child said in an epoch, oldest first. */
export type WordsRow = {
  readonly author: string
  readonly major: string
  readonly words: readonly string[]
}
type GrantRow = { readonly author: string; readonly request: string; readonly major: number }

/** Something that a person should look at. */
export type IncidentRow = { readonly kind: 'clone_suspected'; readonly node: string }

type Deps = {
  readonly world: World
  readonly volume: Volume
  readonly journal: Journal
  readonly authorsOf: (child: Child) => ReadonlySet<string>
}

export function parentIdentity({ world, volume, journal, authorsOf }: Deps) {
  // A row that is held: two hellos of one child are judged one after the other.
  const locks = new Map<string, Promise<unknown>>()
  const hold = <T>(name: string, act: () => Promise<T>): Promise<T> => {
    const mine = (locks.get(name) ?? Promise.resolve()).then(act, act)
    locks.set(name, mine)
    return mine
  }

  const hear = ({ author }: Child, { token, epoch }: Hello) =>
    hold(author, async () => {
      if (token === undefined) return {}
      const major = epoch.split('.')[0] ?? ''
      const key = [`${author}/${major}`, 0] as const
      const words = (volume.get('words', key) as WordsRow | undefined)?.words ?? []
      const verdict = judgeToken(words, token)
      if (verdict === 'repeats') world.counters.count('token.repeated')
      if (verdict === 'cloned') {
        world.counters.count('token.cloned')
        const incident: IncidentRow = { kind: 'clone_suspected', node: author }
        await volume.commit([{ table: 'incident', key: [author, 0], value: incident }], {
          strict: true,
        })
        return { cloned: true }
      }
      if (verdict === 'begins' || verdict === 'goes_on') {
        const said = verdict === 'begins' ? [token.held, token.next] : [...words, token.next]
        const row: WordsRow = { author, major, words: said.slice(-tokensKept) }
        await volume.commit([{ table: 'words', key, value: row }], { strict: true })
      }
      return {}
    })

  const renew = ({ author }: Child, body: unknown) =>
    hold(author, async () => {
      if (!Check(RenewRequest, body)) return refusal(400, 'bad_request')
      const grants = (volume.all('grant') as GrantRow[]).filter((row) => row.author === author)
      const before = grants.find(({ request }) => request === body.request)
      if (before !== undefined) return json(200, { epoch: `${before.major}.0` })
      const seen = journal
        .heads('author')
        .filter(({ stream }) => authorOf(stream) === author)
        .map(({ stream }) => majorOf(stream))
      const said = Number(body.epoch.split('.')[0])
      const major = Math.max(said, ...seen, ...grants.map((row) => row.major)) + 1
      const row: GrantRow = { author, request: body.request, major }
      await volume.commit([{ table: 'grant', key: [`${author}/${body.request}`, 0], value: row }], {
        strict: true,
      })
      world.counters.count('epoch.granted')
      return json(200, { epoch: `${major}.0` })
    })

  const hashes = async (child: Child, body: unknown) => {
    if (!Check(HashesRequest, body)) return refusal(400, 'bad_request')
    const { stream, seqs } = body
    if (!authorsOf(child).has(authorOf(stream) ?? '')) return refusal(403, 'feed_not_yours')
    const held = seqs.flatMap((seq) => {
      const hash = seq <= journal.head(stream).seq ? journal.hashAt(stream, seq) : undefined
      return hash === undefined ? [] : [{ seq, hash: toHex(hash) }]
    })
    return json(200, { stream, hashes: held })
  }

  const others: ParentSide['others'] = { renew, hashes }
  return { hear, others }
}

function majorOf(stream: string): number {
  const name = parseStreamId(stream)
  return name === undefined ? 0 : Number(name.epoch.split('.')[0])
}
