import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { parseStreamId, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { PokeListener, PulledBatch, Wire, WireFault } from '../link/ports.ts'
import { type LinkDeps, runLink } from '../link/run-link.ts'
import { fromHex, toHex } from '../message/hex.ts'
import type { Poke } from '../message/messages.ts'
import { batchBytesMax, isPullHeader, isPushHeader } from '../message/messages.ts'
import { decodeBatch, encodeBatch } from '../message/ndjson.ts'
import { answerHello } from '../parent/answer-hello.ts'
import { type Journal, makeJournal, orgFeed } from './journal.gen.ts'
import type { Random, World } from './world.gen.ts'

// A simulated node, as child and as parent. Links, answers to hellos, placing and packing of batches
// are the real code; memory and network are not.

export type SimNode = {
  readonly name: string
  readonly journal: Journal
  /** What the node noted of its parent and of the cloud. Survives crashes, like the journal. */
  readonly acked: Map<StreamId, number>
  readonly cloudHas: Map<StreamId, number>
  readonly pokes: Set<PokeListener>
  up: boolean
  readonly children: Set<string>
}

export function makeNode(name: string, children: readonly string[] = []): SimNode {
  return {
    name,
    journal: makeJournal(),
    acked: new Map(),
    cloudHas: new Map(),
    pokes: new Set(),
    up: true,
    children: new Set(children),
  }
}

export const ownStream = (name: string): StreamId => `${name}:1.0/business` as StreamId

/** How bad a wire is. Shares of messages. */
export type Weather = {
  lost: number
  cut: number
  twice: number
  bent: number
  slowMs: number
}

export type Net = { readonly world: World; readonly chance: Random; readonly weather: Weather }

/** A node's link to its parent, over a wire as bad as the weather. */
export function linkTo(
  { net, self, parent }: { net: Net; self: SimNode; parent: SimNode },
  hooks: Pick<LinkDeps, 'onState' | 'onAlarm' | 'onFault'>,
) {
  const { journal, acked } = self
  const authored = () =>
    journal.streams().filter((stream) => parseStreamId(stream)?.kind === 'author')
  const link = runLink({
    ...hooks,
    node: self.name,
    epoch: () => '1.0',
    build: 'sim',
    now: () => '2026-11-20T08:00:00.000Z',
    random: net.chance.next,
    timer: net.world.timer,
    wire: badWire({ net, self, parent }),
    outbox: {
      heads: async () =>
        authored().map((stream) => ({
          ...journal.head(stream),
          ackedSeq: acked.get(stream) ?? 0,
        })),
      hashAt: async (stream, seq) => journal.hashAt(stream, seq),
      read: async (stream, after, { factsMax }) => journal.read(stream, after, factsMax),
      noteAcks: async (acks) => {
        for (const { stream, seq, cloudSeq } of acks) {
          acked.set(stream, seq)
          self.cloudHas.set(stream, Math.max(self.cloudHas.get(stream) ?? 0, cloudSeq))
        }
        poke(net, self)
      },
      noteCloud: async (positions) => {
        for (const { stream, seq } of positions) {
          self.cloudHas.set(stream, Math.max(self.cloudHas.get(stream) ?? 0, seq))
        }
      },
    },
    inbox: {
      feeds: async () => [journal.head(orgFeed)],
      receive: async (batch) => {
        const received = await journal.receive(batch)
        if (!received.ok) return received
        poke(net, self)
        return accepted({ seq: received.value.head.seq })
      },
    },
  })
  return link
}

/** Tells all children where everything stands. Like every message, it may not arrive. */
export function poke({ chance, weather, world }: Net, node: SimNode): void {
  for (const listener of node.pokes) {
    if (chance.chance(weather.lost)) continue
    world.timer.after(chance.below(weather.slowMs), () => {
      if (node.up) listener.onPoke(pokeOf(node))
    })
  }
}

function pokeOf(node: SimNode): Poke {
  const cloud = [...node.cloudHas].map(([stream, seq]) => ({ stream, seq }))
  return { feeds: [{ stream: orgFeed, seq: node.journal.head(orgFeed).seq }], cloud }
}

/** Up to where the cloud has a stream, as this parent knows. */
function cloudSeq(parent: SimNode, stream: StreamId): number {
  return parent.name === 'cloud'
    ? parent.journal.head(stream).seq
    : (parent.cloudHas.get(stream) ?? 0)
}

// The parent's side, with messages as bytes, so that they can be cut.
function parentSide(parent: SimNode) {
  const { journal } = parent
  const mayPush = (stream: StreamId) => {
    const name = parseStreamId(stream)
    return name?.kind === 'author' && parent.children.has(name.author)
  }
  return {
    hello: (hello: Parameters<Wire['hello']>[0]) =>
      answerHello(
        hello,
        {
          copies: async (streams) =>
            new Map(
              streams
                .filter((stream) => journal.streams().includes(stream))
                .map((stream) => [
                  stream,
                  {
                    ...journal.head(stream),
                    trust: 'ok',
                    cloudSeq: cloudSeq(parent, stream),
                  },
                ]),
            ),
          hashAt: async (stream, seq) => journal.hashAt(stream, seq),
          feeds: [journal.head(orgFeed)],
          mayPush,
        },
        {
          now: hello.now,
          limits: { factsMax: 40, bytesMax: batchBytesMax, delayMs: 0 },
        },
      ),
    push: async (bytes: Uint8Array) => {
      const batch = decodeBatch(bytes, isPushHeader)
      if (!batch.ok) return refused({ code: 'bad_answer' } as WireFault)
      const { stream, from, prevHash, lastHash } = batch.value.header
      if (!mayPush(stream)) return refused({ code: 'nack', nack: 'stream_not_yours' } as const)
      const received = await journal.receive({
        stream,
        from,
        prevHash: fromHex(prevHash),
        lastHash: fromHex(lastHash),
        facts: batch.value.facts,
      })
      if (!received.ok) return refused({ code: 'nack', nack: received.refusal.code } as const)
      const { seq, hash } = received.value.head
      return accepted({ stream, seq, hash: toHex(hash), cloudSeq: cloudSeq(parent, stream) })
    },
    pull: (stream: StreamId, after: number, limit: number): Uint8Array<ArrayBuffer> => {
      const from = Math.min(after, journal.head(stream).seq)
      const { prevHash, lastHash, facts, seq } = journal.read(stream, from, limit)
      const head = journal.head(stream)
      return encodeBatch(
        {
          stream,
          from: from + 1,
          prevHash: toHex(prevHash),
          lastHash: toHex(lastHash),
          head: head.seq,
          more: seq < head.seq,
        },
        facts,
      )
    },
  }
}

type Lost = { readonly ok: false; readonly refusal: WireFault }

function badWire({ net, self, parent }: { net: Net; self: SimNode; parent: SimNode }): Wire {
  const { world, chance, weather } = net
  const side = parentSide(parent)
  const late = () => 1 + chance.below(weather.slowMs)
  const mangle = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
    if (chance.chance(weather.cut)) return bytes.slice(0, chance.below(bytes.length))
    if (!chance.chance(weather.bent)) return bytes
    const bent = bytes.slice()
    const at = chance.below(bytes.length)
    bent[at] = (bent[at] ?? 0) ^ (1 << chance.below(8))
    return bent
  }
  // Asks once or twice, early or late; the answer that comes first counts; some never come.
  const exchange = <Answer>(act: () => Promise<Answer>): Promise<Answer | Lost> =>
    new Promise((resolve) => {
      const copies = chance.chance(weather.lost) ? 0 : chance.chance(weather.twice) ? 2 : 1
      world.timer.after(5_000, () => resolve(refused({ code: 'unreachable' })))
      for (let copy = 0; copy < copies; copy += 1) {
        world.timer.after(late(), () => {
          if (!parent.up) return
          void act().then((answer) => {
            if (chance.chance(weather.lost)) return
            world.timer.after(late(), () => {
              if (self.up) resolve(answer)
            })
          })
        })
      }
    })
  return {
    hello: (hello) => exchange(() => side.hello(hello)),
    push: ({ stream, from, prevHash, lastHash, facts }) => {
      const header = { stream, from, prevHash: toHex(prevHash), lastHash: toHex(lastHash) }
      const bytes = mangle(encodeBatch(header, facts))
      return exchange(async () => {
        const answer = await side.push(bytes)
        if (answer.ok) poke(net, parent)
        return answer
      })
    },
    pull: ({ stream, after, limit }) =>
      exchange(async (): Promise<Outcome<PulledBatch, WireFault>> => {
        const batch = decodeBatch(mangle(side.pull(stream, after, limit)), isPullHeader)
        if (!batch.ok || batch.value.header.stream !== stream) {
          return refused({ code: 'bad_answer' })
        }
        const { facts, header } = batch.value
        const prevHash = fromHex(header.prevHash)
        return accepted({ ...header, prevHash, lastHash: fromHex(header.lastHash), facts })
      }),
    listen: (on) => {
      let cancel = () => {}
      const down = () => {
        parent.pokes.delete(on)
        on.onDown()
      }
      // A poke line lives for a while, then breaks; often it breaks in silence first.
      cancel = world.timer.after(late(), () => {
        if (!parent.up || chance.chance(weather.lost)) return down()
        parent.pokes.add(on)
        on.onUp()
        on.onPoke(pokeOf(parent))
        cancel = world.timer.after(1_000 + chance.below(120_000), () => {
          parent.pokes.delete(on)
          cancel = world.timer.after(50_000, down)
        })
      })
      return () => {
        cancel()
        parent.pokes.delete(on)
      }
    },
  }
}
