import { minor } from '@tillkeeper/core/money/money.ts'
import { expect, test } from 'vitest'
import { openPay, startSaving } from './pay-state.ts'
import {
  changePanel,
  closeMachine,
  goBack,
  hearScan,
  isQuiet,
  onPaid,
  openMachine,
  openPanel,
  openSale,
  type Paid,
  type Panel,
  takeWaiting,
  waitingMax,
} from './sale-state.ts'

const pay = openPay({ id: 'x', dueMinor: minor(100), digits: 2 })
const paid = { ack: 'not_yet' } as unknown as Paid
const at = (panel: Panel) => openPanel(openSale, panel)

// Where one level back leads from each panel.
test.for<readonly [Panel, Panel['at']]>([
  [{ at: 'products' }, 'products'],
  [{ at: 'pay', pay }, 'products'],
  [{ at: 'pay', pay: startSaving(pay) }, 'pay'],
  [{ at: 'paid', paid }, 'products'],
  [{ at: 'held' }, 'products'],
  [{ at: 'history' }, 'products'],
  [{ at: 'receipt', document: {} as never }, 'history'],
  [{ at: 'refund', refund: { stage: 'asking', typed: '' } }, 'products'],
  [{ at: 'refund', refund: { stage: 'saving' } as never }, 'refund'],
  [{ at: 'cash', kind: 'drop' }, 'products'],
  [{ at: 'menu' }, 'products'],
])('back from %o leads to %s', ([panel, to]) => {
  expect(goBack(at(panel)).panel.at).toBe(to)
})

test('back first takes what was typed', () => {
  const typed = { ...openSale, entry: { text: 'cof', searched: 'cof', quantity: 3_000 } }
  expect(goBack(typed).entry).toEqual(openSale.entry)
})

test('a sale that is being written is not left for another panel', () => {
  const saving = at({ at: 'pay', pay: startSaving(pay) })
  expect(openPanel(saving, { at: 'menu' })).toBe(saving)
})

test('a machine stands before everything until it is done with, and leads back to where it was asked', () => {
  const refund: Panel = { at: 'refund', refund: { stage: 'choosing' } as never }
  const asked = openMachine(at(refund), 'a')
  expect(openMachine(asked, 'a')).toBe(asked)
  expect(openPanel(asked, { at: 'menu' })).toBe(asked)
  expect(goBack(asked)).toBe(asked)
  expect(hearScan(asked, '1')).toMatchObject({ take: [], screen: { waiting: ['1'] } })
  expect(closeMachine(asked).panel).toEqual(refund)
  expect(closeMachine(asked, { at: 'menu' }).panel.at).toBe('menu')
  // A payment that is being written is no place to come back to.
  expect(closeMachine(openMachine(at({ at: 'pay', pay: startSaving(pay) }), 'a')).panel.at).toBe(
    'products',
  )
})

test('what was closed while it worked stays closed', () => {
  expect(changePanel(openSale, { at: 'pay', pay }).panel.at).toBe('products')
})

test('a scan after a payment begins the next cart, and the change stays in the corner', () => {
  const done = onPaid(at({ at: 'pay', pay: startSaving(pay) }), paid)
  const { screen, take } = hearScan(done, '885')
  expect(take).toEqual(['885'])
  expect(screen.panel.at).toBe('products')
  expect(screen.last).toBe(paid)
})

test('scans while something is open wait, in their order, and no more than there is room for', () => {
  let screen = at({ at: 'pay', pay })
  for (let scan = 0; scan < waitingMax + 3; scan += 1) {
    const heard = hearScan(screen, String(scan))
    expect(heard.take).toEqual([])
    screen = heard.screen
  }
  expect(takeWaiting(screen).take).toEqual([])
  const taken = takeWaiting(goBack(screen))
  expect(taken.take).toHaveLength(waitingMax)
  expect(taken.take.slice(0, 2)).toEqual(['0', '1'])
  expect(taken.screen.waiting).toEqual([])
})

test('a scan keeps the quantity that was typed before it', () => {
  const { screen } = hearScan(
    { ...openSale, entry: { text: '885', searched: '8', quantity: 3_000 } },
    '885',
  )
  expect(screen.entry).toEqual({ text: '', searched: '', quantity: 3_000 })
})

test('the app is only replaced when nobody is in the middle of anything', () => {
  expect(isQuiet(openSale, 0)).toBe(true)
  expect(isQuiet(openSale, 1)).toBe(false)
  expect(isQuiet(at({ at: 'pay', pay }), 0)).toBe(false)
  expect(isQuiet(at({ at: 'paid', paid }), 0)).toBe(false)
  expect(isQuiet({ ...openSale, waiting: ['1'] }, 0)).toBe(false)
})
