import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

// The promise of the design: text has a contrast of 4.5 on every ground that it may stand on, and the
// words of the till, which are `ink`, one of 7. Counted from the file itself, by WCAG 2.2.

const css = readFileSync(new URL('./theme.css', import.meta.url), 'utf8')
const grounds = ['canvas', 'surface', 'raised', 'hover', 'sunken']

test.for(['light', 'dark'] as const)('text can be read in the %s theme', (theme) => {
  for (const ground of grounds) {
    const on = (ink: string) => contrast(colour(ink, theme), colour(ground, theme))
    expect(on('ink'), `ink on ${ground}`).toBeGreaterThanOrEqual(7)
    for (const ink of ['ink-soft', 'ink-faint', 'accent', 'danger', 'warn', 'good']) {
      expect(on(ink), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5)
    }
  }
})

test.for(['light', 'dark'] as const)('buttons and badges can be read in the %s theme', (theme) => {
  const pairs = [
    ['on-accent', 'accent'],
    ['on-accent', 'accent-strong'],
    ['on-danger', 'danger'],
    ['on-danger', 'danger-strong'],
    ['accent', 'accent-soft'],
    ['danger', 'danger-soft'],
    ['warn', 'warn-soft'],
    ['good', 'good-soft'],
  ] as const
  for (const [ink, ground] of pairs) {
    const found = contrast(colour(ink, theme), colour(ground, theme))
    expect(found, `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5)
  }
})

test('the edge of a field can be seen', () => {
  for (const theme of ['light', 'dark'] as const) {
    const found = contrast(colour('line-strong', theme), colour('surface', theme))
    expect(found).toBeGreaterThanOrEqual(3)
  }
})

test('white figures can be read on every note and coin', () => {
  const names = [...css.matchAll(/--((?:note-|coin)[a-z-]*):/g)].flatMap(([, name]) => name ?? [])
  expect(names.length).toBeGreaterThan(9)
  for (const name of names.filter((name) => name !== 'coin-rim')) {
    expect(contrast('#ffffff', colour(name, 'light')), name).toBeGreaterThanOrEqual(4.5)
  }
})

function colour(name: string, theme: 'light' | 'dark'): string {
  const value = new RegExp(`--${name}: ([^;]+);`).exec(css)?.[1] ?? ''
  const hexes = value.match(/#[0-9a-f]{6}/g) ?? []
  const found = theme === 'light' ? hexes[0] : hexes.at(-1)
  if (found === undefined) throw new Error(`theme.css has no colour --${name}`)
  return found
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
