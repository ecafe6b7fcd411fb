import { ActsTold, type AskActs as AskActsShape } from '@tillkeeper/client/api/session-shapes.ts'
import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'
import type { Wire } from '@tillkeeper/sync/link/ports.ts'
import type { Static } from 'typebox'
import type { TillNode } from '../app/node.ts'
import { ackWaitMs, waitMs } from '../app/record-act.ts'
import { foldHandOvers, foldTold } from '../journal/fold-told.ts'
import { type AskFault, askStore } from '../store/ask-store.ts'
import { lookAtSessions } from '../till/shop-sessions.ts'

// What the store server recorded itself, in a drawer of this till or as a setting, comes from it and waits for no
// cloud: it is asked for when the line comes up, when its poke says nothing else, and before a count.

/** Answers of one round: with more, the rest comes with the next. */
const answersMax = 50

type Till = Omit<TillNode, 'link'>

/** Asks and takes what is new; whether the store server answered. It throws where the disk does not take it. */
export async function hearStore(node: Till): Promise<boolean> {
  const { state, inbox } = node
  if ((await lookAtSessions(node)) === 'away') return false
  const { book } = state.getState()
  const sessions = [book.session, ...(book.waiting ?? [])].flatMap((each) => each?.id ?? [])
  const held = await inbox.feeds()
  const feeds = held.map(({ stream, seq }) => ({ stream, seq }))
  let after: ActsTold['next'] = null
  for (let answers = 0; answers < answersMax; answers += 1) {
    const answer = await ask(node, { sessions, feeds, ...(after !== null && { after }) })
    if (!answer.ok) return false
    if (after === null) await inbox.takeEdits(answer.value.edits)
    await takeActs(node, answer.value)
    after = answer.value.next
    if (after === null) return true
  }
  return true
}

type AskActs = Static<typeof AskActsShape>

function ask({ device }: Till, body: AskActs): Promise<Outcome<ActsTold, AskFault>> {
  const { token } = device
  return askStore<ActsTold>(ActsTold, { method: 'POST', path: '/sync/v1/acts', token, body })
}

async function takeActs({ turns, journal, state }: Till, told: ActsTold): Promise<void> {
  const facts = told.acts.flatMap(readTold)
  if (facts.length === 0 && told.handedOver.length === 0) return
  await turns(async () => {
    const { book } = state.getState()
    const next = foldHandOvers(foldTold(book, facts), told.handedOver)
    if (next === book) return
    await journal.keep({ book: next })
    state.setState({ book: next })
  })
}

function readTold(text: string): readonly KnownFact[] {
  const read = readFact(new TextEncoder().encode(text))
  return read.kind === 'known' ? [read.fact] : []
}

/**
 * Before a drawer is counted against what should be in it. It takes no longer than a receipt waits for the store
 * server: a till that is cut off counts by what it knows.
 */
export async function hearBeforeCount(node: Till): Promise<void> {
  if (node.state.getState().line.is !== 'up') return
  await new Promise<void>((resolve) => {
    const cancel = waitMs(ackWaitMs, resolve)
    const end = () => {
      cancel()
      resolve()
    }
    hearStore(node).then(end, end) // What cannot be written now comes again.
  })
}

/** The way to the store server, which calls whenever there may be something that no feed tells. */
export function hearing<W extends Wire>(wire: W, call: () => void): W {
  return {
    ...wire,
    listen: (on) =>
      wire.listen({
        ...on,
        onUp: () => {
          on.onUp()
          call()
        },
        onPoke: (poke) => {
          on.onPoke(poke)
          if (poke.feeds.length === 0 && poke.cloud.length === 0) call()
        },
      }),
  }
}

/** One at a time: what is called for in the meantime is done once, after it. */
export function oneAtATime(task: () => Promise<unknown>): () => void {
  let at: 'rest' | 'work' | 'again' = 'rest'
  const run = (): void => {
    at = 'work'
    const end = () => {
      const again = at === 'again'
      at = 'rest'
      if (again) run()
    }
    task().then(end, end)
  }
  return () => {
    if (at === 'rest') run()
    else at = 'again'
  }
}
