import { minor } from '@tillkeeper/core/money/money.ts'
import { factorySettings } from './fcc-sessions.ts'
import type { Deed, Hands, MachineView } from './hands.ts'
import type { RestServer } from './rest-server.ts'

// The polled machine under the hands of a person, on the page that Glory's has. It has hoppers that give again, a box
// that keeps, and a tray; each is a unit on the page.

const breaks = ['jam_giving', 'power_cycle', 'misbook', 'drop_reply', 'drop_copies', 'hang']
const startPayment = '/api/transaction/StartPayment'
const noteFrom = 2_000
/** A page looks as often; the machine tells nobody by itself. */
const lookMs = 150

export type RestHandsOptions = {
  readonly server: RestServer
  readonly name: string
  /** Calls again and again until the machine is stopped. */
  readonly every: (ms: number, act: () => void) => void
}

export function handsOfRest({ server, name, every }: RestHandsOptions): Hands {
  let hangs = false
  return {
    state: () => stateOf(server, name, hangs),
    act: (deed) => {
      if ('moods' in deed && deed.moods.hang !== undefined) {
        hangs = deed.moods.hang
        server.setOffline(hangs)
        return undefined
      }
      return act(server, deed)
    },
    watch: (changed) => {
      let last = ''
      every(lookMs, () => {
        const text = JSON.stringify(stateOf(server, name, hangs))
        if (text !== last) changed()
        last = text
      })
    },
  }
}

function act({ play, breakNext, restart }: RestServer, deed: Deed): string | undefined {
  if ('wire' in deed) {
    if (deed.wire.kind !== 'drop_reply') return 'bad_request'
    breakNext(startPayment, { is: 'cut', when: deed.wire.copies === true ? 'unheard' : 'heard' })
    return undefined
  }
  if (!('hands' in deed)) return 'bad_request'
  const { hands } = deed
  switch (hands.is) {
    case 'insert': {
      const [piece] = hands.pieces
      if (piece === undefined) return 'bad_request'
      return play.insert(minor(piece.faceMinor)) ? undefined : 'closed'
    }
    case 'take':
      play.cash.empty()
      return undefined
    case 'empty_boxes':
      play.cash.emptyBoxes()
      return undefined
    case 'mend':
      play.mend()
      return undefined
    case 'power_cycle':
      restart()
      return undefined
    case 'arm':
      if (hands.fault.kind !== 'jam_giving') return 'bad_request'
      play.jamAfter(hands.fault.after)
      return undefined
    case 'misbook':
      play.misbelieve(minor(hands.faceMinor), hands.count)
      return undefined
    default:
      return 'bad_request'
  }
}

type Operation = NonNullable<MachineView['operation']>

function stateOf({ play, struck }: RestServer, name: string, hangs: boolean): MachineView {
  const { cash } = play
  const { plan } = cash
  const seen = play.seen()
  const error = play.errorCode
  const phase = error !== 0 ? 'blocked' : seen === undefined ? 'idle' : seen.phase
  const counts = (face: number, count: number) => ({ [face]: count })
  const units: MachineView['units'] = plan.faces.flatMap(({ faceMinor, maxPieces }, index) => {
    const devId = faceMinor >= noteFrom ? (1 as const) : (2 as const)
    const place = (kind: 'recycling' | 'box', max: number, believed: number, real: number) => ({
      ...{ unitNo: index + (kind === 'box' ? 100 : 0), devId, kind, faces: [faceMinor] },
      ...{ max, ne: 0, nf: max, level: believed >= max ? ('full' as const) : levelOf(believed) },
      ...{ booked: counts(faceMinor, believed), truth: counts(faceMinor, real) },
    })
    const own = cash.recycling(faceMinor)
    const boxed = cash.boxed(faceMinor)
    const hopper = place('recycling', maxPieces, play.believes(faceMinor), own)
    const box = place('box', boxMax, boxed, boxed)
    return maxPieces === 0 ? [box] : [hopper]
  })
  const none: [] = []
  const tray = cash.tray().map(({ faceMinor, pieces }) => {
    return { faceMinor, quality: 'fit' as const, count: pieces }
  })
  const operation: Operation | null =
    seen === undefined
      ? null
      : {
          ...{ ref: seen.reference, kind: seen.kind, amountMinor: seen.requestedMinor },
          ...{ waitsWhenShort: false, from: 'entrance', to: 'exit', devices: none, plan: none },
          ...{ taken: seen.taken, given: seen.given, ending: 'done', refunding: false },
          ...{ finishing: false, thenReset: false },
        }
  return {
    ...{ profile: name, currency: plan.currency, phase, status: 0, operation },
    error: error === 0 ? null : { devId: 2, code: error, help: '', text: 'jam in the exit' },
    ...{ unsure: none, worthInside: 0, units, breaks, tools: ['empty_boxes', 'mend'] },
    places: {
      ...{ entrance: none, escrow: none, exit: tray, reject: none, gate: none, transport: none },
    },
    moods: { hang: hangs, chop: 'whole', twoRoots: false, otherOccupies: false },
    ...{ fired: Object.fromEntries(struck), settings: factorySettings, destinations: none },
  }
}

const boxMax = 500
const levelOf = (pieces: number) => (pieces === 0 ? ('empty' as const) : ('normal' as const))
