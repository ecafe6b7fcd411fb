import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { toHex } from '../message/hex.ts'
import type { Hello } from '../message/messages.ts'
import { protocolVersion, protocolVersionMin } from '../version.ts'
import { type LinkEffect, type LinkEvent, type LinkState, linkOffline, step } from './link-state.ts'
import { type Greeted, openSession } from './open-session.ts'
import type { Inbox, Introduction, Outbox, OutboxHead, Self, Timer, Wire } from './ports.ts'
import type { Session, StopReason } from './session.ts'

export type LinkDeps = {
  /** The child as an author, the epoch in which it seals now, and its program's version. */
  readonly node: string
  readonly epoch: () => string
  readonly build: string
  /** Left out: the child says no more than version 1 asks for. */
  readonly self?: Self
  readonly outbox: Outbox
  readonly inbox: Inbox
  readonly wire: Wire
  readonly timer: Timer
  /** ISO 8601 in UTC: said in the hello, compared by the parent. */
  readonly now: () => string
  /** A number in [0, 1). */
  readonly random: () => number
  /** Hears of each change. */
  readonly onState?: (state: LinkState) => void
  /** Hears of a stream that stopped, at each hello again while it is stopped. */
  readonly onAlarm?: (stream: StreamId, why: StopReason) => void
  /** Hears of a disk that failed, or of a bug: the link backs off and tries again. */
  readonly onFault?: (error: unknown) => void
}

export type Link = {
  /** Begins, or cuts a wait short: the line may be back. */
  readonly start: () => void
  readonly stop: () => void
  /** Says hello anew, where the link is wanted: what a hello would tell has changed here. */
  readonly greet: () => void
  /** Facts were added to streams of the outbox. Cheap: many calls lead to one look. */
  readonly wake: () => void
  readonly state: () => LinkState
}

type Run = LinkDeps & {
  readonly happen: (event: LinkEvent) => void
  /** Whether the parent is greeted in the shapes of version 1, and the version that it answered in. */
  readonly manner: { plain: boolean; proto: number }
}

/** Runs the state machine of link-state.ts: it asks, the ports do, and what they say is its next event. */
export function runLink(deps: LinkDeps): Link {
  const { outbox, wire, timer, random } = deps
  let state: LinkState = linkOffline
  let cancelTimer = () => {}
  let hush: (() => void) | undefined

  const happen = (event: LinkEvent): void => {
    const before = state
    const next = step(state, event, random())
    state = next.state
    if (state !== before) deps.onState?.(state)
    for (const effect of next.effects) carryOut(effect)
  }
  const run: Run = { ...deps, happen, manner: { plain: false, proto: 1 } }

  const carryOut = (effect: LinkEffect): void => {
    switch (effect.type) {
      case 'wait':
        cancelTimer()
        cancelTimer = timer.after(effect.ms, () => happen({ type: 'timer', run: effect.run }))
        return
      case 'listen':
        hush ??= wire.listen({
          onUp: () => happen({ type: 'listening', up: true }),
          onPoke: (poke) => happen({ type: 'poked', poke }),
          onDown: () => {
            hush = undefined
            happen({ type: 'listening', up: false })
          },
        })
        return
      case 'hush':
        cancelTimer()
        hush?.()
        hush = undefined
        return
      case 'note_cloud':
        outbox.noteCloud(effect.positions).catch((error: unknown) => deps.onFault?.(error))
        return
      case 'alarm':
        deps.onAlarm?.(effect.stream, effect.why)
        return
      case 'hello':
        guard(run, effect.run, () => greet(run, effect.run, lastFacts(state)))
        return
      case 'push':
        guard(run, effect.run, () => push(run, effect))
        return
      case 'pull':
        guard(run, effect.run, () => pull(run, effect))
    }
  }

  const lookAtHeads = coalesce(async () => {
    if (state.at === 'offline' || state.at === 'backoff') return
    for (const { stream, seq } of await outbox.heads()) {
      happen({ type: 'grew', stream, head: seq })
    }
  }, deps.onFault)

  return {
    start: () => happen({ type: 'started' }),
    stop: () => happen({ type: 'stopped' }),
    greet: () => happen({ type: 'timer', run: state.run }),
    wake: lookAtHeads,
    state: () => state,
  }
}

function lastFacts(state: LinkState): number | undefined {
  return 'session' in state ? state.session.facts : undefined
}

// A port that throws (a disk that failed, or a bug) is a failure like that of a wire: it is reported,
// and the link tries again after a wait. There is no other place that could.
function guard({ happen, onFault }: Run, run: number, act: () => Promise<void>): void {
  act().catch((error: unknown) => {
    onFault?.(error)
    happen({ type: 'failed', run, reason: 'fault' })
  })
}

async function greet(run: Run, number: number, facts: Greeted['facts']): Promise<void> {
  const { node, outbox, inbox, wire, happen, manner } = run
  const epoch = run.epoch()
  const heads = await outbox.heads()
  const feeds = (await inbox.feeds()).map(({ stream, seq, hash }) => ({
    stream,
    seq,
    hash: toHex(hash),
  }))
  const said = manner.plain ? undefined : await run.self?.introduce(heads)
  const answer = await wire.hello(makeHello(run, { epoch, heads, feeds, said }))
  if (!answer.ok) {
    const { code: reason, retryAfterMs } = answer.refusal
    // A parent of version 1 takes no field that it does not know: the next hello is as it was then.
    manner.plain = reason === 'bad_answer' && said !== undefined
    happen({ type: 'failed', run: number, reason, retryAfterMs })
    return
  }
  manner.proto = answer.value.proto
  if (said !== undefined) await run.self?.hear(answer.value, said.token)
  const session = await openSession(
    { node, epoch, heads, feeds, reply: answer.value, facts, offersFeeds: outbox.offersFeeds },
    outbox.hashAt,
  )
  await noteCompared(outbox, session)
  happen({ type: 'greeted', run: number, session })
}

type Saying = {
  readonly epoch: string
  readonly heads: readonly OutboxHead[]
  readonly feeds: Hello['feeds']
  readonly said: Introduction | undefined
}

function makeHello({ node, build, now }: Run, { epoch, heads, feeds, said }: Saying): Hello {
  return {
    proto: [protocolVersionMin, protocolVersion],
    ...{ node, epoch, build, now: now(), feeds },
    heads: heads.map(({ stream, seq, hash }) => {
      const signature = said?.signatures.get(stream)
      const head = { stream, seq, hash: toHex(hash) }
      return signature === undefined ? head : { ...head, signature }
    }),
    ...(said === undefined ? {} : { token: said.token, health: said.health }),
  }
}

// Only what was compared is noted: a stopped stream's position says nothing about our copy.
async function noteCompared(outbox: Outbox, { lanes }: Session): Promise<void> {
  const compared = lanes.filter(({ state, acked, head }) => state === 'ready' && acked <= head)
  await outbox.noteAcks(
    await Promise.all(
      compared.map(async ({ stream, acked, cloud }) => ({
        stream,
        seq: acked,
        hash: (await outbox.hashAt(stream, acked)) ?? new Uint8Array(32),
        cloudSeq: cloud,
      })),
    ),
  )
}

type Batch = Extract<LinkEffect, { type: 'push' | 'pull' }>

async function push(run: Run, { stream, after, factsMax, bytesMax, ...ask }: Batch): Promise<void> {
  const { outbox, wire, timer, happen } = run
  await pause(timer, ask.delayMs)
  const batch = await outbox.read(stream, after, { factsMax, bytesMax })
  const startedAt = timer.elapsed()
  const answer = await wire.push(batch)
  if (!answer.ok) {
    const { refusal } = answer
    if (refusal.code === 'nack') {
      happen({ type: 'nacked', run: ask.run, stream, code: refusal.nack })
    } else {
      const { code: reason, retryAfterMs } = refusal
      happen({ type: 'failed', run: ask.run, reason, retryAfterMs })
    }
    return
  }
  const { seq, hash, cloudSeq: cloud } = answer.value
  // The parent computed its hash from the bytes that it stored. Another hash is another history.
  const ours = seq === batch.seq ? batch.lastHash : await outbox.hashAt(stream, seq)
  if (ours === undefined || toHex(ours) !== hash) {
    happen({ type: 'nacked', run: ask.run, stream, code: 'fork' })
    return
  }
  await outbox.noteAcks([{ stream, seq, hash: ours, cloudSeq: cloud }])
  const elapsedMs = timer.elapsed() - startedAt
  happen({ type: 'acked', run: ask.run, stream, seq, cloud, elapsedMs })
}

async function pull(run: Run, { stream, after, factsMax, delayMs, ...ask }: Batch): Promise<void> {
  const { inbox, wire, timer, happen, manner } = run
  await pause(timer, delayMs)
  const receipt = manner.proto >= 2 && stream.startsWith('feed/')
  const answer = await wire.pull({
    ...{ stream, after, limit: factsMax },
    ...(receipt ? { receipt } : {}),
  })
  if (!answer.ok) {
    const { refusal } = answer
    if (refusal.code === 'feed_refused') {
      happen({ type: 'pull_refused', run: ask.run, stream, why: 'feed_refused' })
    } else {
      const { code: reason, retryAfterMs } = refusal
      happen({ type: 'failed', run: ask.run, reason, retryAfterMs })
    }
    return
  }
  const received = await inbox.receive(answer.value)
  if (received.ok) {
    happen({
      type: 'pulled',
      run: ask.run,
      stream,
      seq: received.value.seq,
      head: answer.value.head,
    })
  } else if (received.refusal.code === 'gap' || received.refusal.code === 'damaged') {
    // Another batch of the same feed came between, or the line bent this one: ask again.
    happen({ type: 'failed', run: ask.run, reason: received.refusal.code })
  } else {
    happen({ type: 'pull_refused', run: ask.run, stream, why: received.refusal.code })
  }
}

function pause(timer: Timer, ms: number): Promise<void> {
  if (ms === 0) return Promise.resolve()
  return new Promise((resolve) => timer.after(ms, resolve))
}

/** Runs `look` now, or once more after the run that is under way: calls in between fall together. */
function coalesce(look: () => Promise<void>, onFault: LinkDeps['onFault']): () => void {
  let running = false
  let again = false
  const turn = async (): Promise<void> => {
    running = true
    try {
      do {
        again = false
        await look()
      } while (again)
    } finally {
      // In the same turn of the loop as the last look at `again`: no call falls between.
      running = false
    }
  }
  return () => {
    again = true
    if (!running) turn().catch((error: unknown) => onFault?.(error))
  }
}
