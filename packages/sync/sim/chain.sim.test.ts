import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Link } from '../link/run-link.ts'
import { orgFeed } from './journal.gen.ts'
import { linkTo, makeNode, type Net, ownStream, poke, type SimNode } from './node.gen.ts'
import { makeWorld, random } from './world.gen.ts'

// A chain in one process: two tills, their store server, the cloud. Messages are lost, cut, bent,
// doubled and late; nodes crash; backups are restored; then the weather clears.

/** On a machine that is busy with other tests. */
const simulationMs = 120_000
const empty = new Uint8Array()
const stormMs = 10 * 60_000
/** Ten times the longest wait: what has not caught up by then never will. */
const healMs = 3_000_000

async function simulate(seed: number, { restores }: { restores: boolean }): Promise<void> {
  const chance = random(seed)
  const world = makeWorld()
  const weather = { lost: 0.2, cut: 0.1, twice: 0.2, bent: 0.03, slowMs: 3_000 }
  const net: Net = { world, chance, weather }
  const tills = [makeNode('t-1'), makeNode('t-2')]
  const store = makeNode('s-1', ['t-1', 't-2'])
  const cloud = makeNode('cloud', ['s-1', 't-1', 't-2'])
  const nodes = [...tills, store, cloud]
  const faults: unknown[] = []

  // A copy is always a first part of what its author sealed: nothing is lost in between, doubled or
  // out of order. Authors never lose anything here, so their own copy is the truth.
  const truth = new Map([
    ...[...tills, store].map((node) => [ownStream(node.name), node] as const),
    [orgFeed, cloud] as const,
  ])
  const checkCopies = (from: 'last' | 'first') => {
    for (const node of nodes) {
      for (const stream of node.journal.streams()) {
        const author = truth.get(stream)?.journal.bytes(stream) ?? []
        const copy = node.journal.bytes(stream)
        for (
          let at = from === 'first' ? 0 : copy.length - 1;
          at >= 0 && at < copy.length;
          at += 1
        ) {
          const same = Buffer.compare(copy[at] ?? empty, author[at] ?? empty) === 0
          if (!same) expect.fail(`seed ${seed}: ${stream} at ${node.name} differs at ${at + 1}`)
        }
      }
    }
    if (restores) return
    for (const node of [...tills, store]) {
      for (const [stream, seq] of node.cloudHas) {
        expect(seq, `${node.name} believes no more than is true of ${stream}`).toBeLessThanOrEqual(
          cloud.journal.head(stream).seq,
        )
      }
    }
  }

  const links = new Map<SimNode, Link>()
  const boot = (node: SimNode, parent: SimNode) => {
    node.up = true
    const onFault = (error: unknown) => faults.push(error)
    const link = linkTo({ net, self: node, parent }, { onFault })
    links.set(node, link)
    link.start()
  }
  const parentOf = (node: SimNode) => (node === store ? cloud : store)
  for (const child of [...tills, store]) boot(child, parentOf(child))
  const author = (node: SimNode) => {
    const stream = node === cloud ? orgFeed : ownStream(node.name)
    for (let count = chance.below(60); count >= 0; count -= 1) {
      node.journal.author(stream, world.nowMs(), chance.bytes(10))
    }
    links.get(node)?.wake()
    if (node === cloud) poke(net, cloud)
  }
  const crash = (node: SimNode) => {
    links.get(node)?.stop()
    node.up = false
    node.pokes.clear()
    world.timer.after(chance.below(60_000), () => {
      node.up = true
      if (node !== cloud) boot(node, parentOf(node))
    })
  }
  // A backup of a parent comes back: it lost the last part of what it received.
  const restore = (node: SimNode) => {
    for (const stream of node.journal.streams()) {
      if (truth.get(stream) === node) continue
      node.journal.truncate(stream, chance.below(node.journal.head(stream).seq + 1))
    }
    crash(node)
  }

  const trouble = () => {
    const node = nodes[chance.below(nodes.length)] ?? cloud
    const dice = chance.next()
    if (dice < 0.85) author(node)
    else if (dice < 0.97) crash(node)
    else if (restores && (node === store || node === cloud)) restore(node)
    if (world.nowMs() < stormMs) world.timer.after(chance.below(8_000), trouble)
  }
  trouble()
  // A store server that received wakes its own link, as the program does after each commit.
  const watch = () => {
    checkCopies('last')
    if (store.up) links.get(store)?.wake()
    world.timer.after(1_000, watch)
  }
  watch()

  await world.live(stormMs + 61_000)
  Object.assign(weather, { lost: 0, cut: 0, twice: 0, bent: 0, slowMs: 50 })
  const complete = () =>
    nodes.every((node) =>
      [...truth].every(
        ([stream, owner]) =>
          (owner !== cloud && node !== cloud && owner !== node && node !== store) ||
          node.journal.head(stream).seq === owner.journal.head(stream).seq,
      ),
    ) &&
    tills.every(
      (till) =>
        till.cloudHas.get(ownStream(till.name)) === till.journal.head(ownStream(till.name)).seq,
    )
  await world.live(stormMs + healMs, complete)

  expect(faults, `seed ${seed}`).toEqual([])
  expect(complete(), `seed ${seed}: all caught up after the weather cleared`).toBe(true)
  checkCopies('first')
  for (const till of tills) expect(till.journal.head(ownStream(till.name)).seq).toBeGreaterThan(0)
}

test(
  'whatever happens to messages and nodes, no fact is lost, doubled or moved, and all catch up',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0 }), (seed) => simulate(seed, { restores: false })),
      { numRuns: 4 },
    )
  },
  simulationMs,
)

test(
  'parents that come back from a backup are sent again what they lost',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0 }), (seed) => simulate(seed, { restores: true })),
      { numRuns: 4 },
    )
  },
  simulationMs,
)
