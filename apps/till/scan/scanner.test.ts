import { expect, test } from 'vitest'
import { endBurst, type Heard, hearKey, type Scanner, unendedLengthMin } from './scanner.ts'

const key = { shift: false, chord: false, composing: false, answering: false }

/** Presses keys `gapMs` apart and says what the last one was heard as, and what is pending then. */
function press(codes: readonly string[], gapMs: number): readonly [Scanner, Heard] {
  let scanner: Scanner
  let heard: Heard = { is: 'typed' }
  for (const [index, code] of codes.entries()) {
    ;[scanner, heard] = hearKey(scanner, { ...key, code, atMs: index * gapMs })
  }
  return [scanner, heard]
}

const digits = (text: string) => [...text].map((digit) => `Digit${digit}`)
const ean = '8850999220017'

test('a scan is read by its keys, whatever layout the computer has', () => {
  expect(press([...digits(ean), 'Enter'], 10)[1]).toEqual({ is: 'scan', text: ean })
  expect(press([...digits(ean), 'Tab'], 10)[1]).toEqual({ is: 'scan', text: ean })
})

test('letters keep their case', () => {
  let scanner: Scanner
  const codes = ['KeyA', 'KeyB', 'Minus', 'Digit7']
  for (const [index, code] of codes.entries()) {
    scanner = hearKey(scanner, { ...key, code, shift: code === 'KeyA', atMs: index * 9 })[0]
  }
  expect(hearKey(scanner, { ...key, code: 'Enter', atMs: 40 })[1]).toEqual({
    is: 'scan',
    text: 'Ab-7',
  })
})

test('a slow scanner is a scanner still', () => {
  expect(press([...digits(ean), 'Enter'], 58)[1]).toMatchObject({ is: 'scan' })
})

test('a person is no scanner', () => {
  expect(press([...digits(ean), 'Enter'], 120)[1]).toEqual({ is: 'typed' })
  // The fastest on a number pad: below the longest pause, above the pace.
  expect(press([...digits('1234'), 'Enter'], 80)[1]).toEqual({ is: 'typed' })
  expect(press([...digits('123'), 'Enter'], 10)[1]).toEqual({ is: 'typed' })
})

test('a pause begins a new scan', () => {
  let scanner: Scanner
  let at = 0
  for (const [index, code] of digits('12345678').entries()) {
    at += index === 4 ? 500 : 10
    scanner = hearKey(scanner, { ...key, code, atMs: at })[0]
  }
  expect(hearKey(scanner, { ...key, code: 'Enter', atMs: at + 10 })[1]).toEqual({
    is: 'scan',
    text: '5678',
  })
})

test('arrows, chords and input methods end what was pending', () => {
  const [pending] = press(digits('1234'), 10)
  for (const odd of [
    { ...key, code: 'ArrowDown' },
    { ...key, code: 'KeyV', chord: true },
    { ...key, code: 'KeyV', composing: true },
  ]) {
    const [scanner] = hearKey(pending, { ...odd, atMs: 50 })
    expect(hearKey(scanner, { ...key, code: 'Enter', atMs: 60 })[1]).toEqual({ is: 'typed' })
  }
})

test('a PIN is no scan, however fast it is typed', () => {
  let scanner: Scanner
  for (const [index, code] of [...digits('101010'), 'Enter'].entries()) {
    const [next, heard] = hearKey(scanner, { ...key, code, answering: true, atMs: index * 5 })
    expect(heard).toEqual({ is: 'typed' })
    expect(next).toBeUndefined()
    scanner = next
  }
  // Nor does it become one with what is pressed after the form has gone.
  const [pending] = press(digits('1234'), 10)
  const [asked] = hearKey(pending, { ...key, code: 'Digit5', answering: true, atMs: 45 })
  expect(hearKey(asked, { ...key, code: 'Enter', atMs: 50 })[1]).toEqual({ is: 'typed' })
})

test('without an end only a whole barcode counts', () => {
  expect(endBurst(press(digits(ean), 10)[0], unendedLengthMin)).toEqual({ is: 'scan', text: ean })
  expect(endBurst(press(digits('1234567'), 10)[0], unendedLengthMin)).toEqual({ is: 'typed' })
  expect(endBurst(undefined, unendedLengthMin)).toEqual({ is: 'typed' })
})

test('more than any barcode is none', () => {
  expect(press([...digits('1'.repeat(65)), 'Enter'], 10)[1]).toEqual({ is: 'typed' })
})
