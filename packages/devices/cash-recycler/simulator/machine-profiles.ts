import { denominationsOf } from '@tillkeeper/core/money/denominations.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'

// The machines that can be played. The units and their numbers are those of the family; how much fits is of the
// size of the real ones, and no promise of the maker's.

/** Notes are the first device's, coins the second's. */
export type DevId = 1 | 2

/** A part of a machine that keeps money. */
export type UnitPlan = {
  readonly unitNo: number
  readonly devId: DevId
  /** What it gives again, keeps until a person with a key comes, or holds of what it doubts. */
  readonly kind: 'recycling' | 'box' | 'capture'
  /** Face values it takes; several in a mixed stacker or a box. */
  readonly faces: readonly number[]
  readonly max: number
  /** Near empty at so many and fewer; near full at so many and more. */
  readonly ne: number
  readonly nf: number
}

export type Profile = {
  readonly name: ProfileName
  readonly currency: Currency
  readonly units: readonly UnitPlan[]
  /** Holds a customer's money apart until the deal is done; else it is stored at once, and refunded from stock. */
  readonly escrow: boolean
  /** Pieces that the inlet takes at once. */
  readonly entranceMax: number
  /** Notes that it gives before it waits for them to be taken. */
  readonly exitNotesMax: number
  /** The blocks of `RomVersion`: what it is built of. */
  readonly blocks: readonly string[]
}

export const profileNames = ['CI-10', 'CI-10X', 'CI-50', 'CI-5'] as const
export type ProfileName = (typeof profileNames)[number]
export const profileCurrencies = ['THB', 'EUR'] as const
export type ProfileCurrency = (typeof profileCurrencies)[number]

type Build = {
  /** The faces of notes that are given again, by currency. */
  readonly notes: Readonly<Record<ProfileCurrency, readonly number[]>>
  readonly stacker: number
  readonly hopper: number
  readonly mixed: boolean
  readonly escrow: boolean
  readonly boxMax: number
  readonly blocks: readonly string[]
}

const builds: Readonly<Record<ProfileName, Build>> = {
  'CI-10': {
    notes: { THB: [2_000, 5_000, 10_000], EUR: [500, 1_000, 2_000] },
    ...{ stacker: 100, hopper: 150, mixed: false, escrow: true, boxMax: 500 },
    blocks: ['RBW100', 'RCW100'],
  },
  'CI-10X': {
    notes: { THB: [2_000, 5_000, 10_000, 50_000], EUR: [500, 1_000, 2_000, 5_000] },
    ...{ stacker: 150, hopper: 200, mixed: false, escrow: true, boxMax: 1_000 },
    blocks: ['RBW200', 'RCW200'],
  },
  'CI-50': {
    notes: { THB: [2_000, 5_000, 10_000, 50_000], EUR: [500, 1_000, 2_000, 5_000] },
    ...{ stacker: 200, hopper: 150, mixed: false, escrow: true, boxMax: 1_500 },
    blocks: ['RBW150', 'RCW100'],
  },
  'CI-5': {
    notes: { THB: [2_000, 10_000], EUR: [500, 1_000] },
    ...{ stacker: 60, hopper: 300, mixed: true, escrow: false, boxMax: 250 },
    blocks: ['RBW50', 'RCW50'],
  },
}

const stackers = [4043, 4044, 4045, 4046, 4047, 4048, 4054, 4055]
const [mixedNotes, mixedCoins] = [4118, 4165]
const [noteBox, captureBin, coinOverflow] = [4059, 4069, 4084]

export function profileOf(name: ProfileName, currency: ProfileCurrency): Profile {
  const build = builds[name]
  const all = denominationsOf(currency as Currency)
  const noteFaces = all.filter(({ kind }) => kind === 'note').map(({ faceMinor }) => faceMinor)
  const coinFaces = all.filter(({ kind }) => kind === 'coin').map(({ faceMinor }) => faceMinor)
  const unit = (
    devId: DevId,
    unitNo: number,
    kind: UnitPlan['kind'],
    faces: readonly number[],
    max: number,
  ): UnitPlan => {
    const tenth = Math.floor(max / 10)
    return {
      unitNo,
      devId,
      kind,
      faces,
      max,
      ne: kind === 'recycling' ? tenth : 0,
      nf: max - tenth,
    }
  }
  const give = (devId: DevId, mixedNo: number, faces: readonly number[], max: number) =>
    build.mixed
      ? [unit(devId, mixedNo, 'recycling', faces, max)]
      : faces.map((face, index) => unit(devId, stackers[index] ?? 0, 'recycling', [face], max))
  return {
    name,
    currency: currency as Currency,
    units: [
      ...give(1, mixedNotes, build.notes[currency], build.stacker),
      unit(1, noteBox, 'box', noteFaces, build.boxMax),
      unit(1, captureBin, 'capture', noteFaces, 50),
      ...give(2, mixedCoins, coinFaces, build.hopper),
      unit(2, coinOverflow, 'box', coinFaces, build.boxMax),
    ],
    escrow: build.escrow,
    entranceMax: 100,
    exitNotesMax: 30,
    blocks: build.blocks,
  }
}

/** Which device a face belongs to; `undefined` for a face that the machine does not know. */
export function deviceOf(profile: Profile, faceMinor: number): DevId | undefined {
  return profile.units.find(({ faces }) => faces.includes(faceMinor))?.devId
}
