import type { LiveRecycler, RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { expect, test } from 'vitest'
import { en } from '../messages/en.ts'
import { describeAlert, describeState, findHelp, stepsOf } from './describe-machine.ts'
import { alertsOf, byNeed, faultKindOf, stateOf } from './machine-alerts.ts'
import { canDo } from './machine-can.ts'
import type { StockLine } from './stock-picture.ts'

type Machine = Pick<
  RecyclerView,
  'active' | 'condition' | 'stock' | 'held' | 'known' | 'currencies' | 'unresolved'
>
const THB = 'THB' as Currency
const machine = (more: Partial<Machine> = {}): Machine => ({
  ...{ active: true, condition: { is: 'ready' }, stock: null, held: [], known: false },
  ...{ currencies: [THB], unresolved: 0, ...more },
})
const jam = { kind: 'jam', code: '0102', text: 'RBW transport jam' } as const
const live = (
  at: LiveRecycler['at'],
  condition: LiveRecycler['condition'] = { is: 'ready' },
): Pick<LiveRecycler, 'at' | 'condition' | 'stock'> => ({ at, condition, stock: null })
const line = (
  face: number,
  level: StockLine['level'],
  more: Partial<StockLine> = {},
): StockLine => ({
  ...{ unit: 'recycling', currency: THB, faceMinor: minor(face), pieces: 1, level, ...more },
})
/** The books know that it once held a face. */
const once = (face: number) => ({
  ...{ unit: 'recycling' as const, currency: THB, faceMinor: minor(face), pieces: 0 },
})
const kinds = (...of: Parameters<typeof alertsOf>) => alertsOf(...of).map(({ kind }) => kind)

test.each([
  ['what it last told', machine({ condition: { is: 'busy' } }), undefined, 'busy'],
  ['nothing told yet', machine({ condition: null }), undefined, 'untold'],
  ['switched off in the books', machine({ active: false }), live('idle'), 'inactive'],
  [
    'this moment before what was told',
    machine({ condition: { is: 'offline' } }),
    live('idle'),
    'ready',
  ],
  ['no line', machine(), live('offline'), 'offline'],
  ['at work', machine(), live('settling'), 'working'],
  ['a fault while it works', machine(), live('working', { is: 'fault', fault: jam }), 'fault'],
  ['busy by itself', machine(), live('idle', { is: 'busy' }), 'busy'],
  ['stopped without a word why', machine(), live('stopped', null), 'fault'],
])('how a machine stands: %s', (_, books, moment, is) => {
  expect(stateOf(books, moment).is).toBe(is)
})

test('what stops it comes first, then what nobody knows, then its levels', () => {
  const stock = [line(100_00, 'near_empty'), line(20_00, 'near_full'), line(10_00, 'normal')]
  const held = [once(100_00)]
  const needy = machine({ condition: { is: 'fault', fault: jam }, stock, held, unresolved: 2 })
  expect(alertsOf(needy)).toMatchObject([
    { kind: 'jam', tone: 'danger' },
    { kind: 'unresolved', tone: 'danger', count: 2 },
    { kind: 'near_full', tone: 'warn', faces: [{ faceMinor: 20_00 }] },
    { kind: 'near_empty', tone: 'warn', faces: [{ faceMinor: 100_00 }] },
  ])
})

test('an empty cash box is in order, a full one is not; a place for nothing is no place', () => {
  const box = { unit: 'cash_box' } as const
  expect(kinds(machine({ stock: [line(100_00, 'empty', box)] }))).toEqual([])
  expect(kinds(machine({ stock: [line(100_00, 'near_full', box)] }))).toEqual(['near_full'])
  expect(kinds(machine({ stock: [line(25, 'empty', { maxPieces: 0 })] }))).toEqual([])
})

test('a face that it never held is not missed in it', () => {
  const stock = [line(100_00, 'empty'), line(20_00, 'near_empty'), line(10_00, 'near_full')]
  expect(kinds(machine({ stock }))).toEqual(['near_full'])
  expect(kinds(machine({ stock, held: [once(100_00)] }))).toEqual(['empty', 'near_full'])
})

test('a machine that is offline says so once, and one that is switched off asks nothing', () => {
  expect(kinds(machine({ condition: { is: 'offline' } }))).toEqual(['offline'])
  expect(kinds(machine({ active: false, unresolved: 1 }))).toEqual([])
  expect(kinds(machine({ condition: null }))).toEqual([])
})

test('other cash than booked is told at rest alone: work moves it before the books know', () => {
  const differs = machine({ known: true, stock: [line(100_00, 'normal')] })
  expect(kinds(differs)).toEqual(['differs'])
  expect(kinds(differs, live('working'))).toEqual([])
  expect(kinds({ ...differs, known: false })).toEqual([])
  // First somebody says how the work ended: a count before that would book it, and the word on it again.
  expect(kinds({ ...differs, unresolved: 1 })).toEqual(['unresolved'])
  // It holds something else by now: books that were read before that say nothing of it.
  const later = { ...live('idle'), stock: [line(100_00, 'normal', { pieces: 2 })] }
  expect(kinds(differs, later)).toEqual([])
  expect(kinds({ ...differs, stock: later.stock }, later)).toEqual(['differs'])
})

test('a note in the other part than booked is told once', () => {
  const moved = { unit: 'cash_box', pieces: 1 } as const
  const stock = [line(100_00, 'normal'), line(20_00, 'normal', moved)]
  const held = [
    { unit: 'recycling' as const, currency: THB, faceMinor: minor(100_00), pieces: 1 },
    { unit: 'recycling' as const, currency: THB, faceMinor: minor(20_00), pieces: 1 },
  ]
  expect(alertsOf(machine({ known: true, stock, held }))).toMatchObject([
    { kind: 'differs', count: 1, faces: [{ faceMinor: 20_00 }] },
  ])
})

test('a fault is called by its kind; one of another version is the device’s', () => {
  expect(describeState({ is: 'fault', fault: jam })).toMatchObject({ text: 'machine.alert.jam' })
  expect(faultKindOf({ kind: 'robot' })).toBe('device')
})

test('every alert has a word and a next step', () => {
  const all = ['jam', 'door', 'cassette', 'verify', 'full', 'empty', 'power', 'device'] as const
  const more = ['offline', 'unresolved', 'differs', 'near_empty', 'near_full', 'absent'] as const
  for (const kind of [...all, ...more]) {
    expect(en[describeAlert({ kind })] && en[stepsOf({ kind })], kind).toBeTruthy()
  }
})

test('who needs a person stands above who does not', () => {
  const of = (name: string, books: Machine) => ({ name, alerts: alertsOf(books) })
  const rows = [
    of('A', machine()),
    of('B', machine({ stock: [line(100_00, 'near_empty')], held: [once(100_00)] })),
    of('C', machine({ condition: { is: 'offline' } })),
    of('D', machine({ unresolved: 1 })),
  ]
  expect(byNeed(rows).map(({ name }) => name)).toEqual(['C', 'D', 'B', 'A'])
})

test('an act is offered where the machine can do it now; books are kept without it', () => {
  const can = {
    ...{ currencies: [THB], payIn: true, payOut: 'both' as const, deposit: false },
    ...{ replenish: ['entrance' as const], collect: [], lock: false, reset: true, verify: true },
    pushes: true,
  }
  const now = { at: 'idle' as const, capabilities: can, stock: [] }
  const offered = (act: Parameters<typeof canDo>[0], moment: Parameters<typeof canDo>[1]['live']) =>
    canDo(act, { machine: { unresolved: 0 }, live: moment })
  expect(offered('replenish', now)).toBe(true)
  expect(offered('collect', now)).toBe(false)
  expect(offered('exchange', now)).toBe(false)
  expect(offered('lock', now)).toBe(false)
  expect(offered('count', { ...now, stock: null })).toBe(false)
  for (const act of ['replenish', 'reset', 'verify', 'count'] as const) {
    expect(offered(act, { ...now, at: 'offline' }), act).toBe(false)
    expect(offered(act, undefined), act).toBe(false)
  }
  expect(offered('empty', undefined) && offered('settings', undefined)).toBe(true)
  expect(offered('resolve', now)).toBe(false)
  const unresolved = { machine: { unresolved: 1 }, live: now }
  expect(canDo('resolve', unresolved)).toBe(true)
  expect(canDo('count', unresolved)).toBe(false)
})

test('the maker’s picture is opened on the machine itself, and nowhere else', () => {
  const at = (help: string, address = '192.168.0.25') => findHelp({ address }, help)
  expect(at('/help/rbw100/rbw100_A12.gif')).toBe('http://192.168.0.25/help/rbw100/rbw100_A12.gif')
  expect(at('/x', 'wss://machine.shop:3001')).toBe('http://machine.shop/x')
  expect(at('http://192.168.0.25:3000/x')).toBe('http://192.168.0.25:3000/x')
  for (const other of ['http://evil.example/x', 'javascript:alert(1)', '//evil.example/x']) {
    expect(at(other), other).toBeUndefined()
  }
  expect(at('/x', '')).toBeUndefined()
})
