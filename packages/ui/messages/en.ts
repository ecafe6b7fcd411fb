// The words of the shared components. This file is the source of the keys.
export const en = {
  'ui.close': 'Close',
  'ui.cancel': 'Cancel',
  'ui.retry': 'Try again',
  'ui.loading': 'Loading',
  'ui.keypad': 'Keypad',
  'ui.keypad.backspace': 'Delete the last digit',
  'ui.keypad.clear': 'Clear',
  'ui.keypad.point': 'Decimal point',
  'ui.keypad.00': 'Double zero',
  'ui.denomination': 'Note or coin',
  'ui.denomination.note': '{face} note',
  'ui.denomination.coin': '{face} coin',
  'ui.denomination.pieces': 'Pieces',
  'ui.denomination.piecesOf': 'Pieces of {face}',
  'ui.denomination.addOne': 'One more of {face}',
  'ui.denomination.addTen': 'Ten more of {face}',
  'ui.denomination.bundle': 'bundle',
  'ui.denomination.bundleOf': 'A bundle of {pieces} × {face} more',
  'ui.denomination.roll': 'roll',
  'ui.denomination.rollOf': 'A roll of {pieces} × {face} more',
  'ui.denomination.amount': 'Amount',
  'ui.denomination.total': 'Counted',
  'ui.denomination.none': 'Not counted by note',
  'ui.variance.short': 'shortage',
  'ui.variance.over': 'surplus',
  'ui.variance.exact': 'no variance',
} as const

/** The words of these components; an app's own keys come on top. */
export type UiKey = keyof typeof en
