import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Held, listPieces, type Piece, type Place } from './held-money.ts'
import { type Input, type Step, step, worthInside } from './machine-model.ts'
import {
  type Profile,
  type ProfileName,
  profileCurrencies,
  profileNames,
  profileOf,
} from './machine-profiles.ts'
import { booked, createMachine, fillHalf, hurried, type Machine, placeOf } from './machine-state.ts'

const baht = (name: ProfileName = 'CI-10') => profileOf(name, 'THB')
const fit = (faceMinor: number, count = 1) => ({ faceMinor, quality: 'fit' as const, count })

/** A machine that is told one thing after another, each when all before has come to rest. */
function play(machine: Machine) {
  let now = 0
  const news: Step['news'][number][] = []
  const tell = (input: Input) => {
    const done = step(machine, input, now)
    if (!done.ok) return done.refusal.code
    machine = done.value.machine
    news.push(...done.value.news)
    return undefined
  }
  const rest = () => {
    now += 1_000_000
    tell({ is: 'tick' })
  }
  return { tell, rest, news, machine: () => machine, ended: () => endOf(news) }
}

function endOf(news: readonly Step['news'][number][]) {
  const found = news.findLast((one) => one.is === 'ended')
  if (found?.is !== 'ended') return undefined
  const { result, operation } = found
  return { result, taken: operation.taken, given: operation.given }
}

const payIn = (amountMinor: number, waitsWhenShort = true): Input => ({
  ...{ is: 'pay_in', ref: 'a', amountMinor, waitsWhenShort },
})
const insert = (...pieces: (Piece & { count: number })[]): Input => ({
  ...{ is: 'insert', into: 'entrance', pieces },
})

test('a sale takes the money, stores it, and gives the change', () => {
  const { tell, rest, ended, machine } = play(createMachine(baht(), hurried))
  const before = worthInside(machine())
  tell(payIn(12_500))
  rest()
  expect(tell(insert(fit(100_000)))).toBeUndefined()
  rest()
  expect(ended()).toEqual({
    result: 'done',
    taken: { 100000: 1 },
    given: { 10000: 8, 5000: 1, 2000: 1, 500: 1 },
  })
  expect(machine().phase).toBe('idle')
  expect(worthInside(machine()) - before).toBe(12_500)
})

test('cancelled, it gives back the very pieces; where they are stored at once, as much in others', () => {
  for (const name of profileNames) {
    const { tell, rest, ended, machine } = play(createMachine(baht(name), hurried))
    const before = machine().held['1/4059']
    tell(payIn(200_000))
    rest()
    tell(insert(fit(100_000)))
    rest()
    expect(tell({ is: 'cancel', short: false })).toBeUndefined()
    rest()
    const [taken, given] = [ended()?.taken, ended()?.given]
    expect({ name, result: ended()?.result, taken }).toEqual({
      ...{ name, result: 'cancelled', taken: { 100000: 1 } },
    })
    if (machine().profile.escrow) expect([given, machine().held['1/4059']]).toEqual([taken, before])
    else expect(given).toEqual({ 10000: 10 })
    expect(tell({ is: 'cancel', short: false })).toBe('nothing_runs')
  }
})

test('without change it waits or ends by itself, and gives all back; stored money may not be had back', () => {
  const empty = (name: ProfileName) => createMachine(baht(name), hurried, {})
  for (const [waits, short, result] of [
    [true, false, 'cancelled'],
    [true, true, 'short'],
    [false, false, 'short'],
  ] as const) {
    const { tell, rest, ended, machine } = play(empty('CI-10'))
    tell(payIn(99_900, waits))
    rest()
    tell(insert(fit(100_000)))
    rest()
    if (waits) {
      expect(machine().phase).toBe('short')
      tell({ is: 'cancel', short })
      rest()
    }
    const same = { taken: { 100000: 1 }, given: { 100000: 1 } }
    expect(ended()).toEqual({ result, ...same })
  }
  const { tell, rest, ended } = play(empty('CI-5'))
  tell(payIn(99_900, false))
  rest()
  tell(insert(fit(100_000)))
  rest()
  expect(ended()).toEqual({ result: 'refund_short', taken: { 100000: 1 }, given: {} })
})

test('it refuses what it does not know, and keeps a doubted note until the cover is opened', () => {
  const { tell, rest, ended, machine } = play(createMachine(baht(), hurried))
  tell(payIn(10_000))
  rest()
  tell(insert({ faceMinor: 10_000, quality: 'unknown', count: 1 }, fit(3_333)))
  rest()
  expect([machine().phase, machine().operation?.taken]).toEqual(['waiting', {}])
  tell(insert({ faceMinor: 100_000, quality: 'suspicious', count: 1 }))
  rest()
  expect(machine().phase).toBe('suspicious')
  expect(tell({ is: 'cancel', short: false })).toBe('suspicious')
  tell({ is: 'open_cover' })
  rest()
  tell(insert(fit(10_000)))
  rest()
  expect(ended()).toEqual({ result: 'done', taken: { 10000: 1 }, given: {} })
})

test('a jam while it gives: it says what was given, and the stuck piece is found after the reset', () => {
  const { tell, rest, ended, machine } = play(createMachine(baht(), hurried))
  const before = worthInside(machine())
  tell({ is: 'arm', fault: { kind: 'jam_giving', after: 2 } })
  tell(payIn(12_500))
  rest()
  tell(insert(fit(100_000)))
  rest()
  expect(ended()).toEqual({ result: 'jam', taken: { 100000: 1 }, given: { 10000: 2 } })
  expect([machine().phase, machine().unsure]).toEqual(['blocked', [1]])
  expect(tell(payIn(100))).toBe('busy')
  tell({ is: 'reset' })
  rest()
  expect([machine().phase, listPieces(machine().held, '1/4069')]).toEqual([
    'idle',
    [{ piece: { faceMinor: 10_000, quality: 'fit' }, count: 1 }],
  ])
  expect(worthInside(machine()) - before).toBe(80_000)
  expect(bookWorth(machine())).toBe(worthInside(machine()))
})

test('a jam while it counts: what was counted is kept, and what stuck was never counted', () => {
  const { tell, rest, ended, machine } = play(createMachine(baht(), hurried))
  const before = worthInside(machine())
  tell({ is: 'arm', fault: { kind: 'jam_counting', after: 1, unitDead: true } })
  tell(payIn(300_000))
  rest()
  tell(insert(fit(100_000, 2)))
  rest()
  expect(ended()).toEqual({ result: 'device', taken: { 100000: 1 }, given: {} })
  tell({ is: 'reset' })
  rest()
  expect([bookWorth(machine()), worthInside(machine())]).toEqual([
    before + 200_000,
    before + 200_000,
  ])
  expect(listPieces(machine().held, 'escrow')).toEqual([])
})

test('two notes for one: the book is wrong, and a recount makes it right', () => {
  const { tell, rest, ended, machine } = play(createMachine(baht(), hurried))
  tell({ is: 'arm', fault: { kind: 'double_feed', after: 0 } })
  tell({ is: 'pay_out', ref: 'a', amountMinor: 10_000 })
  rest()
  expect(ended()).toMatchObject({ result: 'inconsistent', given: { 10000: 1 } })
  expect(bookWorth(machine()) - worthInside(machine())).toBe(10_000)
  tell({ is: 'verify', ref: 'b', devices: [1] })
  rest()
  expect([bookWorth(machine()) - worthInside(machine()), machine().unsure]).toEqual([0, []])
})

test('power that goes is told of after the start, with what really moved', () => {
  const { tell, rest, news, machine } = play(createMachine(baht(), hurried))
  tell({ is: 'arm', fault: { kind: 'power_giving', after: 1 } })
  tell({ is: 'pay_out', ref: 'a', amountMinor: 20_000 })
  rest()
  const told = news.find((one) => one.is === 'interrupted')
  expect(told).toMatchObject({ operation: { ref: 'a', given: { 10000: 1 } } })
  expect([machine().phase, machine().error?.code]).toEqual(['blocked', 0x4401])
})

test('levels are told when they are crossed', () => {
  const stock = { ...fillHalf(baht()), '1/4045': { 10000: 11 } }
  const { tell, rest, news } = play(createMachine(baht(), hurried, stock))
  for (const amountMinor of [10_000, 100_000]) {
    tell({ is: 'pay_out', ref: String(amountMinor), amountMinor })
    rest()
  }
  const levels = news.flatMap((one) => (one.is === 'level' ? [[one.unit.unitNo, one.level]] : []))
  expect(levels).toEqual([
    [4045, 'near_empty'],
    [4045, 'empty'],
  ])
})

const bookWorth = (machine: Machine) =>
  machine.profile.units.reduce(
    (sum, unit) => unit.faces.reduce((all, face) => all + booked(machine, unit, face) * face, sum),
    0,
  )

/** All pieces that there are, the world outside counted with them. */
function total(held: Held) {
  const sums: Record<string, number> = {}
  for (const bag of Object.values(held)) {
    for (const [kind, count] of Object.entries(bag)) sums[kind] = (sums[kind] ?? 0) + count
  }
  return Object.fromEntries(Object.entries(sums).filter(([, count]) => count !== 0))
}

function inputs(profile: Profile): fc.Arbitrary<Input> {
  const faces = [...new Set(profile.units.flatMap((unit) => unit.faces)), 3_333]
  const face = fc.constantFrom(...faces)
  const piece = fc.record({
    faceMinor: face,
    quality: fc.constantFrom('fit', 'fit', 'fit', 'unfit', 'unknown', 'suspicious'),
    count: fc.integer({ min: 1, max: 4 }),
  }) as fc.Arbitrary<Piece & { count: number }>
  const unit = fc.constantFrom(...profile.units)
  const ref = fc.constant('r')
  const amountMinor = fc.integer({ min: 1, max: 900 }).map((n) => n * 25)
  const after = fc.integer({ min: 0, max: 3 })
  const kind = fc.constantFrom(
    ...(['jam_counting', 'jam_giving', 'double_feed', 'power_counting', 'power_giving'] as const),
  )
  const counts = fc.tuple(face, fc.integer({ min: 0, max: 9 })).map(([f, n]) => ({ [f]: n }))
  const devices = fc.constantFrom([1, 2], [1], [2]) as fc.Arbitrary<(1 | 2)[]>
  const is = <K extends Input['is']>(value: K) => fc.constant(value)
  const into = fc.constantFrom('entrance' as const, 'entrance' as const, 'cassette' as const)
  return fc.oneof(
    fc.record({ is: is('pay_in'), ref, amountMinor, waitsWhenShort: fc.boolean() }),
    fc.record({ is: is('pay_out'), ref, amountMinor }),
    fc.record({ is: is('pay_out_pieces'), ref, pieces: counts }),
    fc.record({ is: is('deposit'), ref, devices }),
    fc.record({ is: is('replenish'), ref, from: fc.constantFrom('entrance', 'cassette') }),
    fc.record({ is: is('collect'), ref, to: fc.constantFrom('exit', 'box'), pieces: counts }),
    fc.record({ is: is('verify'), ref, devices }),
    fc.record({ is: is('cancel'), short: fc.boolean() }),
    fc.constantFrom<Input>({ is: 'finish' }, { is: 'reset' }, { is: 'tick' }, { is: 'take' }),
    fc.constantFrom<Input>({ is: 'open_cover' }, { is: 'empty_boxes' }, { is: 'power_cycle' }),
    fc.record({ is: is('insert'), into, pieces: fc.array(piece, { maxLength: 3 }) }),
    fc.record({ is: is('insert'), into, pieces: fc.array(piece, { maxLength: 3 }) }),
    fc.record({ is: is('arm'), fault: fc.record({ kind, after, unitDead: fc.boolean() }) }),
    fc.record({ is: is('enable'), faces: fc.array(face, { maxLength: 2 }), on: fc.boolean() }),
    unit.map<Input>(({ devId, unitNo, faces: [faceMinor = 0] }) => ({
      ...{ is: 'misbook', devId, unitNo, faceMinor, count: -2 },
    })),
  ) as fc.Arbitrary<Input>
}

test('no piece is made or lost over any history, and every history can go on', () => {
  const world = fc
    .tuple(fc.constantFrom(...profileNames), fc.constantFrom(...profileCurrencies))
    .chain(([name, currency]) => {
      const profile = profileOf(name, currency)
      const moment = fc.tuple(inputs(profile), fc.integer({ min: 0, max: 40 }))
      const hands = fc.constantFrom(hurried, { ...hurried, takesAfterMs: undefined })
      return fc.tuple(fc.constant(profile), hands, fc.array(moment, { maxLength: 60 }))
    })
  fc.assert(
    fc.property(world, ([profile, { takesAfterMs, ...rest }, moments]) => {
      const timings = takesAfterMs === undefined ? rest : { ...rest, takesAfterMs }
      let machine = createMachine(profile, timings)
      const all = total(machine.held)
      let now = 0
      const live = (input: Input) => {
        const done = step(machine, input, now)
        if (done.ok) machine = done.value.machine
        expect(total(machine.held)).toEqual(all)
        for (const [place, bag] of Object.entries(machine.held)) {
          if (place === 'outside') continue
          expect(Math.min(0, ...Object.values(bag))).toBe(0)
        }
      }
      for (const [input, ms] of moments) {
        now += ms
        live(input)
      }
      // Whatever happened: hands, a reset and a recount make a machine that is at rest and right.
      for (const is of ['tick', 'open_cover', 'take', 'reset', 'take', 'take'] as const) {
        now += 10_000
        live({ is })
        for (let n = 0; n < 20; n += 1) {
          now += 10_000
          live({ is: 'take' })
        }
      }
      machine = { ...machine, faults: [] }
      now += 10_000
      live({ is: 'tick' })
      now += 10_000
      live({ is: 'reset' })
      for (let n = 0; n < 5; n += 1) {
        now += 10_000
        live({ is: 'take' })
      }
      live({ is: 'verify', ref: 'last', devices: [1, 2] })
      now += 10_000
      live({ is: 'tick' })
      expect([machine.phase, machine.unsure]).toEqual(['idle', []])
      for (const place of ['escrow', 'transport', 'gate', 'entrance', 'exit'] as const) {
        expect([place, listPieces(machine.held, place)]).toEqual([place, []])
      }
      for (const unit of profile.units) {
        const place: Place = placeOf(unit)
        const there = listPieces(machine.held, place).reduce((sum, { count }) => sum + count, 0)
        expect(booked(machine, unit)).toBe(there)
      }
    }),
    { numRuns: 100 },
  )
})
