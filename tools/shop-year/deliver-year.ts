import { assert } from '@tillkeeper/core/base/assert.ts'
import { hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import { type SealedFact, seal } from '@tillkeeper/facts/seal/seal.ts'
import { genesisHash } from '@tillkeeper/facts/seal/stream.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { receiveFacts } from '@tillkeeper/projections/journal/receive-facts.ts'
import { nodeAuthor } from '@tillkeeper/projections/journal/record-facts.ts'
import { sha256 } from '@tillkeeper/projections/journal/sha256.ts'
import { projectPending } from '@tillkeeper/projections/project.ts'
import { server, type Year } from './year.ts'

/** A till is out of touch on one day in so many, for up to so many days. */
const awayOnce = 12
const awayDaysMax = 5
/** Facts that are sent at once, at most. */
const factsAtOnce = 500

type Stream = {
  readonly stream: string
  readonly sealed: readonly SealedFact[]
  /** The day on which each fact was done. */
  readonly days: readonly number[]
  sent: number
  /** It is in touch again on this day. */
  backOn: number
}

/**
 * Delivers a year day by day, as its authors come by: in parts of any size, one before the other or after it, and
 * a till that was out of touch days later. All is projected as it comes. `onDay` hears of each day.
 */
export async function deliverYear(
  db: Db,
  year: Year,
  { days, onDay }: { readonly days: number; readonly onDay: (day: number) => void },
): Promise<number> {
  const { chance, org } = year
  const streams = [...year.drafts.keys()].map((author) => sealOf(year, author))
  let delivered = 0
  for (let day = 0; day < days; day += 1) {
    for (const stream of streams) {
      if (stream.backOn <= day && chance.once(awayOnce)) {
        stream.backOn = day + 1 + chance.pick(awayDaysMax)
      }
    }
    const last = day === days - 1
    const waits = () =>
      streams.filter(
        ({ sent, days: done, backOn }) =>
          (last || backOn <= day) && sent < done.length && (done[sent] ?? day + 1) <= day,
      )
    for (let open = waits(); open.length > 0; open = waits()) {
      const stream = chance.one(open)
      const today = stream.days.filter((done) => done <= day).length
      const count = Math.min(today - stream.sent, 1 + chance.pick(factsAtOnce))
      await send(db, year, { stream, count })
      stream.sent += count
      delivered += count
      if (chance.once(3)) await projectPending(db, org)
    }
    await projectAll(db, year)
    onDay(day + 1)
  }
  return delivered
}

function sealOf({ drafts, org, shopId, tills, nowMs }: Year, author: number): Stream {
  const name = author === server ? `s-${shopId}` : `t-${tills[author]?.author}`
  const by = nodeAuthor(org, name, '1.0')
  const of = drafts.get(author) ?? []
  const head = { stream: by.stream, seq: 0, hash: genesisHash(sha256, by.stream) }
  const all = of.map(({ draft }) => draft)
  const { sealed } = seal({ ...by, sha256 }, { head, hlc: hlcZero, nowMs }, all)
  return { stream: by.stream, sealed, days: of.map(({ day }) => day), sent: 0, backOn: 0 }
}

async function send(
  db: Db,
  { org, nowMs }: Year,
  { stream, count }: { readonly stream: Stream; readonly count: number },
): Promise<void> {
  const { sealed, sent } = stream
  const received = await db.begin((tx) =>
    receiveFacts(tx, {
      org,
      stream: stream.stream as never,
      from: sent + 1,
      prevHash: sealed[sent - 1]?.hash ?? genesisHash(sha256, stream.stream as never),
      facts: sealed.slice(sent, sent + count).map(({ bytes }) => bytes),
      recordedAt: new Date(nowMs).toISOString(),
    }),
  )
  assert(received.kind === 'ok', `${stream.stream} is taken`)
}

async function projectAll(db: Db, { org }: Year): Promise<void> {
  for (;;) {
    const { more } = await projectPending(db, org)
    if (!more) return
  }
}
