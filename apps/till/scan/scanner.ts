// A barcode scanner is a keyboard that types fast. Its keys are told from a person's by their pace, and
// read by where they are (`code`), not by what they write: under a Thai layout its digits arrive as
// letters. Timings are those of real scanners: about 10 ms a key, some 80 with peaks of 100.

/** The longest pause between two keys of one scan. */
export const gapMaxMs = 100
/** On average a scan is faster than the fastest typist. */
export const paceMaxMs = 60
/** Shorter codes are typed by hand, or are a slip. */
export const scanLengthMin = 4
/** The longest barcode that a product may have. */
export const scanLengthMax = 64

export type KeyPress = {
  readonly code: string
  readonly shift: boolean
  /** Held with the key: no scanner does that. */
  readonly chord: boolean
  /** Part of a word that an input method is making. */
  readonly composing: boolean
  /** Pressed where what is typed is an answer, such as a PIN: however fast it comes, it is no scan. */
  readonly answering: boolean
  /** When it was pressed, in milliseconds of a clock that only counts up. */
  readonly atMs: number
}

/** The keys of what may become a scan. */
export type Burst = {
  readonly text: string
  readonly firstMs: number
  readonly lastMs: number
}

export type Scanner = Burst | undefined

export type Heard =
  /** A key of a burst, or none of a scanner's at all: whoever has the focus gets it. */
  | { readonly is: 'typed' }
  /** A whole scan. Its last key (Enter or Tab) must not reach a button. */
  | { readonly is: 'scan'; readonly text: string }

/** Takes one key. A scan ends with Enter or Tab; one without an end is ended by `endBurst`. */
export function hearKey(scanner: Scanner, key: KeyPress): readonly [Scanner, Heard] {
  const burst = scanner !== undefined && key.atMs - scanner.lastMs <= gapMaxMs ? scanner : undefined
  if (key.chord || key.composing || key.answering) return [undefined, typed]
  if (key.code === 'Enter' || key.code === 'NumpadEnter' || key.code === 'Tab') {
    return [undefined, isScan(burst) ? { is: 'scan', text: burst.text } : typed]
  }
  if (isModifier(key.code)) return [burst, typed]
  const sign = readSign(key.code, key.shift)
  if (sign === undefined) return [undefined, typed]
  if (burst === undefined) return [{ text: sign, firstMs: key.atMs, lastMs: key.atMs }, typed]
  return [
    { ...burst, text: (burst.text + sign).slice(0, scanLengthMax + 1), lastMs: key.atMs },
    typed,
  ]
}

/** What a burst was, once no further key came for `gapMaxMs`: some scanners send no end. */
export function endBurst(scanner: Scanner, lengthMin: number): Heard {
  return isScan(scanner) && scanner.text.length >= lengthMin
    ? { is: 'scan', text: scanner.text }
    : typed
}

/** Without an end only a whole retail barcode is taken: EAN-8 is the shortest. */
export const unendedLengthMin = 8

const typed: Heard = { is: 'typed' }

function isScan(burst: Scanner): burst is Burst {
  if (burst === undefined) return false
  const { length } = burst.text
  if (length < scanLengthMin || length > scanLengthMax) return false
  return (burst.lastMs - burst.firstMs) / (length - 1) <= paceMaxMs
}

function isModifier(code: string): boolean {
  return /^(Shift|Control|Alt|Meta|CapsLock|NumLock)/.test(code)
}

// The layout that scanners pretend to have: the American one.
const plain: Readonly<Record<string, string>> = {
  Minus: '-',
  Period: '.',
  Slash: '/',
  Space: ' ',
  Equal: '=',
  Semicolon: ';',
  Comma: ',',
  NumpadSubtract: '-',
  NumpadDecimal: '.',
  NumpadDivide: '/',
  NumpadAdd: '+',
}
const shifted: Readonly<Record<string, string>> = {
  Minus: '_',
  Equal: '+',
  Semicolon: ':',
  Digit1: '!',
  Digit2: '@',
  Digit3: '#',
  Digit4: '$',
  Digit5: '%',
  Digit7: '&',
  Digit8: '*',
  Digit9: '(',
  Digit0: ')',
}

function readSign(code: string, shift: boolean): string | undefined {
  const letter = /^Key([A-Z])$/.exec(code)?.[1]
  if (letter !== undefined) return shift ? letter : letter.toLowerCase()
  if (shift) return shifted[code]
  return /^(?:Digit|Numpad)([0-9])$/.exec(code)?.[1] ?? plain[code]
}
