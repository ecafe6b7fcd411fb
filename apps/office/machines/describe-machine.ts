import type {
  AttemptRecord,
  AttemptView,
  RecyclerView,
} from '@tillkeeper/client/api/recycler-shapes.ts'
import type { Tone } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { ApiProblem, faultOf } from '../api/problem.ts'
import { describeSafeRefusal } from '../cash/describe-safe.ts'
import type { OfficeKey } from '../messages/en.ts'
import { type Fault, faultKindOf, type MachineAlert, type MachineState } from './machine-alerts.ts'

// What machines and servers say in codes, in words.

type Look = { readonly tone: Tone; readonly text: OfficeKey }

const states: Readonly<Record<MachineState['is'], Look>> = {
  inactive: { tone: 'idle', text: 'machine.is.inactive' },
  untold: { tone: 'idle', text: 'machine.is.untold' },
  offline: { tone: 'danger', text: 'machine.is.offline' },
  checking: { tone: 'idle', text: 'machine.is.checking' },
  fault: { tone: 'danger', text: 'machine.is.fault' },
  working: { tone: 'good', text: 'machine.is.working' },
  busy: { tone: 'idle', text: 'machine.is.busy' },
  ready: { tone: 'good', text: 'machine.is.ready' },
}

/** How a machine stands, in a word. A fault is called by its kind. */
export function describeState({ is, fault }: MachineState): Look {
  if (is === 'fault' && fault !== undefined) {
    return { tone: 'danger', text: `machine.alert.${faultKindOf(fault)}` }
  }
  return states[is]
}

/** An alert in a word or two. */
export function describeAlert({ kind }: Pick<MachineAlert, 'kind'>): OfficeKey {
  return `machine.alert.${kind}`
}

/** What to do about an alert, step by step. */
export function stepsOf({ kind }: Pick<MachineAlert, 'kind'>): OfficeKey {
  return `machine.alert.${kind}.do`
}

/** A machine that shows another certificate than the one that is kept: it is not talked to. */
export function isOtherCertificate(fault: Fault | undefined): boolean {
  return fault?.code === 'certificate_changed'
}

/** What a machine was asked to do. */
export function describeWork({ kind }: Pick<AttemptRecord['work'], 'kind'>): OfficeKey {
  return `machine.work.${kind}`
}

const endings: Readonly<Record<NonNullable<AttemptRecord['ending']>, Look>> = {
  done: { tone: 'good', text: 'machine.end.done' },
  not_done: { tone: 'idle', text: 'machine.end.not_done' },
  unresolved: { tone: 'danger', text: 'machine.end.unresolved' },
}

/** How an attempt ended; without an end it is under way. A person's word is an end like any other. */
export function describeEnding(ending: AttemptRecord['ending']): Look {
  return ending === null ? { tone: 'warn', text: 'machine.end.none' } : endings[ending]
}

/** How far an attempt is. */
export function describeProgress({
  state,
  short,
  cancelling,
  work,
}: Pick<AttemptView, 'state' | 'short' | 'cancelling' | 'work'>): OfficeKey {
  if (cancelling && (state === 'starting' || state === 'working')) return 'machine.now.cancelling'
  if (short && state === 'working') return 'machine.now.short'
  if (state === 'working') return `machine.now.${work.kind}`
  return `machine.now.${state}`
}

const refused: Readonly<Record<string, OfficeKey>> = {
  recycler_not_found: 'machine.refused.notFound',
  recycler_offline: 'machine.refused.offline',
  recycler_busy: 'machine.refused.busy',
  recycler_stopped: 'machine.refused.stopped',
  recycler_attempt_not_found: 'machine.refused.attempt',
  recycler_attempt_not_unresolved: 'machine.refused.resolved',
  nothing_resolved: 'machine.refused.nothing',
  recycler_not_of_till: 'machine.refused.till',
  recycler_not_able: 'machine.refused.able',
  recycler_address_invalid: 'machine.refused.address',
  recycler_left_less: 'machine.refused.left',
}

/** Why nothing was done at a machine, in one line that says what to do. */
export function describeMachineRefusal(error: unknown): OfficeKey {
  if (faultOf(error) === 'unreachable') return 'machine.refused.unreachable'
  const known = error instanceof ApiProblem ? refused[error.code] : undefined
  return known ?? describeSafeRefusal(error)
}

/** The program that speaks to a machine, by the make that it speaks to. */
export function describeDriver({ driver }: Pick<RecyclerView, 'driver'>): OfficeKey | undefined {
  if (driver === 'glory') return 'machine.driver.glory'
  return driver === 'rest' ? 'machine.driver.rest' : undefined
}

/**
 * Where a machine shows how to mend itself: a page of its own, never of anybody else. What it says may be a path or a
 * whole address; undefined where that leads elsewhere.
 */
export function findHelp(
  { address }: Pick<RecyclerView, 'address'>,
  help: string,
): string | undefined {
  const host = /^(?:(?:ws|http)s?:\/\/)?([A-Za-z0-9.-]+)/.exec(address)?.[1]
  if (host === undefined) return undefined
  const base = `http://${host}/`
  if (!URL.canParse(help, base)) return undefined
  const url = new URL(help, base)
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:'
  return isWeb && url.hostname === host.toLowerCase() ? url.href : undefined
}
