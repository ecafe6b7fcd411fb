import { LiveRecycler, RecyclerList } from '@tillkeeper/client/api/recycler-shapes.ts'
import type { Static } from 'typebox'
import { Check } from 'typebox/value'
import type { TillNode } from '../app/node.ts'
import { waitMs } from '../app/record-act.ts'
import { askWithLogin, takeToken } from '../store/ask-with-login.ts'
import {
  hearMachines,
  isUnknown,
  type MachineEntry,
  type MachinesEvent,
  newsOf,
} from './live-machines.ts'
import { isOver } from './machine-state.ts'
import { readNews } from './read-news.ts'
import { tellAttempt } from './run-attempts.ts'

// The way to the news of the shop's cash machines: a stream while somebody works here who has a login, and a
// machine stands on this till's counter. Attempts that are open are asked for besides, so that none waits for news.

/** The store server says something each 15 seconds: a line that is silent for longer is gone. */
const silenceMs = 40_000
const backoffMs = [300, 700, 1_500, 3_000, 6_000] as const
/** How often the register is read again, and whether there is a machine at all. */
const registerEveryMs = 30_000
/** How often an attempt without news is asked for. */
const lookEveryMs = 2_000

/** Follows the machines as long as the page lives. */
export function followMachines(node: TillNode): void {
  let stop = () => {}
  let who: string | undefined
  const change = () => {
    const { login, person, attempts } = node.state.getState()
    const now = login?.staffId ?? (person === undefined ? undefined : 'no_login')
    if (now === who) return
    who = now
    stop()
    stop = () => {}
    hear(node, { type: 'off' })
    if (login !== undefined) stop = begin(node)
    // Who unlocked without the store server cannot ask it: that is said, and there are ways on.
    else if (person !== undefined) {
      for (const { record } of attempts)
        tellAttempt(node, record.attemptId, { type: 'unreachable' })
    }
  }
  node.state.subscribe(change)
  change()
}

function begin(node: TillNode): () => void {
  const control = new AbortController()
  const { signal } = control
  void readRegister(node)
  void follow(node, signal)
  const register = setInterval(() => void readRegister(node), registerEveryMs)
  const look = setInterval(() => lookAtAttempts(node), lookEveryMs)
  lookAtAttempts(node, 'all')
  return () => {
    clearInterval(register)
    clearInterval(look)
    control.abort()
  }
}

function hear({ state }: TillNode, event: MachinesEvent): void {
  state.setState(({ machines }) => ({ machines: hearMachines(machines, event) }))
}

/** Reads the register, and keeps it for a start without a line. One that did not answer says nothing. */
async function readRegister(node: TillNode): Promise<void> {
  const path = `/v1/recyclers?${new URLSearchParams({ shopId: node.device.shopId })}`
  const answer = await askWithLogin<Static<typeof RecyclerList>>(node, RecyclerList, { path })
  if (!answer.ok) return
  const entries = answer.value.items.map(entryOf)
  const before = node.state.getState().machines.register
  if (JSON.stringify(before) === JSON.stringify(entries)) return
  hear(node, { type: 'register', entries })
  // Only for a start without a line: what is not written is read again then, or not needed.
  node.turns(() => node.journal.keep({ machines: entries })).catch(() => undefined)
}

function entryOf(machine: Static<typeof RecyclerList>['items'][number]): MachineEntry {
  const { id, name, currencies, tills, active, unresolved } = machine
  return { id, name, currencies, tills, active, unresolved }
}

async function follow(node: TillNode, signal: AbortSignal): Promise<void> {
  for (let failed = 0; !signal.aborted; failed += 1) {
    if (hasMachine(node)) {
      if (await listen(node, signal)) failed = 0
      if (!signal.aborted) hear(node, { type: 'down' })
    }
    const wait = backoffMs[Math.min(failed, backoffMs.length - 1)] ?? 0
    await pause(wait * (0.8 + Math.random() * 0.4), signal)
  }
}

function hasMachine({ state, device }: TillNode): boolean {
  const { machines, attempts } = state.getState()
  const serves = ({ active, tills }: MachineEntry) =>
    active && (tills.length === 0 || tills.includes(device.tillId))
  return attempts.length > 0 || machines.register.some(serves)
}

/** Hears the news until the line ends; whether it ever stood. */
async function listen(node: TillNode, signal: AbortSignal): Promise<boolean> {
  const token = await takeToken(node)
  if (token === undefined || signal.aborted) return false
  const line = new AbortController()
  const drop = () => line.abort()
  signal.addEventListener('abort', drop)
  let silent = waitMs(silenceMs, drop)
  let stood = false
  try {
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${token}` }
    const response = await fetch('/v1/recyclers/live/news', { headers, signal: line.signal })
    if (!response.ok || response.body === null) return false
    stood = true
    hear(node, { type: 'up' })
    lookAtAttempts(node, 'all')
    const read = readNews((data) => takeNews(node, data))
    const pieces = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { value, done } = await pieces.read()
      if (done || !read(value)) return stood
      silent()
      silent = waitMs(silenceMs, drop)
    }
  } catch {
    return stood // The line fell, or was dropped: it is tried again.
  } finally {
    silent()
    line.abort()
    signal.removeEventListener('abort', drop)
  }
}

function takeNews(node: TillNode, data: string): void {
  const live = readLive(data)
  if (live === undefined) return
  hear(node, { type: 'news', live })
  const { machines, attempts } = node.state.getState()
  for (const { record } of attempts) {
    if (record.recyclerId !== live.recyclerId) continue
    const view = newsOf(live, record.attemptId)
    if (view === 'other') tellAttempt(node, record.attemptId, { type: 'look' })
    else if (view !== undefined) tellAttempt(node, record.attemptId, { type: 'news', view })
  }
  if (isUnknown(machines, live.recyclerId)) void readRegister(node)
}

function readLive(data: string): LiveRecycler | undefined {
  try {
    const live: unknown = JSON.parse(data)
    return Check(LiveRecycler, live) ? (live as LiveRecycler) : undefined
  } catch {
    return undefined // No JSON: no news of ours.
  }
}

/** Asks for attempts that no news will tell of: all at a new line, else those whose end is not known yet. */
function lookAtAttempts(node: TillNode, which: 'all' | 'waiting' = 'waiting'): void {
  const { attempts, machines } = node.state.getState()
  for (const attempt of attempts) {
    const told = machines.line === 'up' && attempt.hearing === 'heard' && attempt.news > 0
    const ended = attempt.view?.state === 'ended'
    if (which === 'all' || ((!told || ended) && !isOver(attempt))) {
      tellAttempt(node, attempt.record.attemptId, { type: 'look' })
    }
  }
  writeAgain(node)
}

// Nobody was there to write it, and now somebody is.
function writeAgain(node: TillNode): void {
  for (const { record, act, actRefusal } of node.state.getState().attempts) {
    const waits = record.stage === 'asked' && act === 'refused' && actRefusal === 'forbidden'
    if (waits) tellAttempt(node, record.attemptId, { type: 'key', key: 'write' })
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = waitMs(ms, resolve)
    signal.addEventListener('abort', () => {
      cancel()
      resolve()
    })
  })
}
