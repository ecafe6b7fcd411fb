import { type Fcc, type Moods, type WireFault, wireFaultKinds } from './fcc.ts'
import { statusOf, truthOf } from './fcc-money.ts'
import type { Settings } from './fcc-sessions.ts'
import { listPieces } from './held-money.ts'
import { type Input, worthInside } from './machine-model.ts'
import { booked, levelOf } from './machine-state.ts'

// What a person at a machine sees of it and does to it, by whatever protocol it speaks.

/** A machine under the hands of a person: its truth, and what may be done to it. */
export type Hands = {
  readonly state: () => MachineView
  /** What was done, or why it was not. */
  readonly act: (deed: Deed) => string | undefined
  /** Calls after each change, from now on. */
  readonly watch: (changed: () => void) => void
}

/** What hands and bad luck may do; what a till does goes by the protocol. */
const byHand = new Set<Input['is']>([
  ...(['insert', 'take', 'open_cover', 'empty_boxes', 'power_cycle', 'arm', 'misbook'] as const),
  'doubt',
])

/** `POST /do` takes one of these. */
export type Deed =
  /** `mend`: a person with a key clears a jam, where a machine has no order for it. */
  | { readonly hands: Input | { readonly is: 'mend' } }
  | { readonly wire: WireFault }
  | { readonly moods: Partial<Moods> }
  | { readonly settings: Partial<Settings> }

/** A machine of Glory's. */
export function handsOf(fcc: Fcc): Hands {
  return {
    state: () => stateOf(fcc),
    act: (deed) => act(fcc, deed),
    watch: (changed) => {
      const before = fcc.changed
      fcc.changed = () => {
        before()
        changed()
      }
    },
  }
}

/** All that can be broken of it, by the names on the page. */
const breaks = [
  ...['jam_counting', 'jam_giving', 'double_feed', 'power_giving', 'power_cycle', 'misbook'],
  ...['drop_reply', 'drop_copies', 'cut_giving', 'malformed_event', 'oversized_event'],
  ...['hang', 'otherOccupies', 'split', 'twoRoots'],
]

function act(fcc: Fcc, deed: Deed): string | undefined {
  if ('hands' in deed) {
    const { hands } = deed
    return hands.is !== 'mend' && byHand.has(hands.is) ? fcc.tell(hands) : 'bad_request'
  }
  if ('wire' in deed) {
    if (!wireFaultKinds.includes(deed.wire.kind)) return 'bad_request'
    fcc.arm(deed.wire)
  } else if ('moods' in deed) Object.assign(fcc.moods, deed.moods)
  else if ('settings' in deed) {
    fcc.settings.current = { ...fcc.settings.current, ...deed.settings }
  } else return 'bad_request'
  fcc.changed()
  return undefined
}

/** All that there is to see, the truth with what the machine believes. */
export function stateOf(fcc: Fcc) {
  const { machine, moods, fired, settings, destinations } = fcc
  const { profile, operation } = machine
  const lies = (place: 'entrance' | 'escrow' | 'exit' | 'reject' | 'gate' | 'transport') =>
    listPieces(machine.held, place).map(({ piece, count }) => ({ ...piece, count }))
  return {
    profile: profile.name as string,
    breaks: breaks as readonly string[],
    /** What hands can do besides putting in and taking. */
    tools: ['unknown', 'suspicious', 'open_cover', 'empty_boxes', 'cassette'] as readonly string[],
    currency: profile.currency,
    phase: machine.phase,
    status: statusOf(machine.phase, operation?.kind),
    operation: operation ?? null,
    error: machine.error ?? null,
    unsure: machine.unsure,
    worthInside: worthInside(machine),
    units: profile.units.map((unit) => ({
      ...unit,
      level: levelOf(machine, unit),
      booked: Object.fromEntries(unit.faces.map((face) => [face, booked(machine, unit, face)])),
      truth: truthOf(machine, unit),
    })),
    places: {
      ...{ entrance: lies('entrance'), escrow: lies('escrow'), exit: lies('exit') },
      ...{ reject: lies('reject'), gate: lies('gate'), transport: lies('transport') },
    },
    ...{ moods, fired, settings: settings.current, destinations: [...destinations.keys()] },
  }
}
export type MachineView = ReturnType<typeof stateOf>
