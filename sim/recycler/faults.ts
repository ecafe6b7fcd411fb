import { wireFaultKinds } from '@tillkeeper/devices/cash-recycler/simulator/fcc.ts'
import {
  faultKinds,
  type Phase,
} from '@tillkeeper/devices/cash-recycler/simulator/machine-state.ts'

// Everything that goes wrong in a run of a cash recycler, by the name under which it is counted.

/** What happens to a machine or to us the moment that it is in a phase. */
export const acts = ['power', 'hang', 'cut', 'kill'] as const
export type Act = (typeof acts)[number]

export const phases = [
  ...['idle', 'starting', 'waiting', 'counting', 'suspicious', 'calculating', 'dispensing'],
  ...['cancelling', 'collecting', 'remove_out', 'remove_reject', 'verifying', 'resetting'],
  ...['error', 'blocked', 'initialising'],
] as readonly Phase[]

/** Where our process ends between what it tells the machine and what it writes down. */
export const killPoints = [
  'before_note',
  'after_note',
  'before_heard',
  'after_heard',
  'before_conclude',
  'after_conclude',
] as const
export type KillPoint = (typeof killPoints)[number]

/** What a machine's book or pieces suffer without its knowing, or with. */
export const odd = ['misbook', 'doubt', 'suspicious_note', 'unknown_piece'] as const

/** Faults after which a machine's word may be wrong, so that only a count tells. */
export const miscounts: readonly string[] = ['double_feed', 'jam_counting', 'jam_giving']
export const untrue: readonly string[] = ['misbook', ...miscounts]

export const machineFaults = faultKinds
export const wireFaults = wireFaultKinds

/** What happens to one POST to a polled machine. */
export const posterFaults = [
  ...(['cut heard', 'cut unheard', 'silent heard', 'silent unheard', 'late', 'garbled'] as const),
] as const
export type PosterFault = (typeof posterFaults)[number]

/** What else happens to a polled machine. */
export const polledFaults = ['offline', 'restart', 'token revoked', 'jam', 'misbook'] as const
export const polledPhases = ['idle', 'waiting', 'giving'] as const

/** All that a whole set of runs of polled machines has to have met. */
export const allPolledFaults: readonly string[] = [
  ...[...posterFaults, ...polledFaults].map((name) => `polled ${name}`),
  ...killPoints.map((point) => `polled kill ${point}`),
  ...polledPhases.map((phase) => `polled kill at ${phase}`),
]

/** All that a whole set of runs has to have met. */
export const allFaults: readonly string[] = [
  ...[...faultKinds, ...wireFaultKinds, ...odd, 'other_occupies', 'frame in pieces'],
  ...['over the socket', 'two roots'],
  ...killPoints.map((point) => `kill ${point}`),
  ...acts.flatMap((act) => phases.map((phase) => `${act} at ${phase}`)),
]
