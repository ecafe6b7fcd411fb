import { assert } from '../base/assert.ts'
import { cellWidth } from './cell-width.ts'

// Words of a text without spaces are found with a dictionary, by script: one segmenter serves all.
const words = new Intl.Segmenter('th', { granularity: 'word' })
const graphemes = new Intl.Segmenter('th', { granularity: 'grapheme' })

/** Breaks a text into lines of at most `width` cells: between words, or inside one that is too long. */
export function wrap(text: string, width: number): string[] {
  assert(width >= 2, 'every sign fits a line')
  const lines: string[] = []
  let line = ''
  const end = () => {
    if (line !== '') lines.push(line.trimEnd())
    line = ''
  }
  for (const chunk of unbreakable(text)) {
    const word = chunk.trimEnd()
    if (cellWidth(line + word) > width) end()
    for (const part of cellWidth(word) > width ? signsOf(word, width) : [word]) {
      if (cellWidth(line + part) > width) end()
      line += part
    }
    line += chunk.slice(word.length)
  }
  end()
  return lines
}

/**
 * Text at the left and an amount at the right end. A text that is too long goes on over several lines,
 * each as far in as the first, and the amount stands on its last.
 */
export function row(left: string, right: string, width: number): string[] {
  const indent = ' '.repeat(left.length - left.trimStart().length)
  const room = width - cellWidth(right) - 1 - indent.length
  const lines = wrap(left, room).map((line) => indent + line)
  const last = lines.pop() ?? ''
  return [...lines, last + ' '.repeat(width - cellWidth(last) - cellWidth(right)) + right]
}

/** Two short texts at both ends of a line; on two lines where they do not fit one. */
export function ends(left: string, right: string, width: number): string[] {
  const gap = width - cellWidth(left) - cellWidth(right)
  return gap > 0 ? [left + ' '.repeat(gap) + right] : [left, right]
}

/** A text in the middle of each of its lines. */
export function centre(text: string, width: number): string[] {
  return wrap(text, width).map(
    (line) => ' '.repeat(Math.floor((width - cellWidth(line)) / 2)) + line,
  )
}

/**
 * The pieces of a text that stay on one line, each with the spaces that follow it. A text may be broken
 * after spaces, and between two words that nothing stands between; so marks stay with their words.
 */
function unbreakable(text: string): string[] {
  const chunks: string[] = []
  let glued = false
  let afterWord = false
  for (const { segment, isWordLike = false } of words.segment(text.trim())) {
    const space = segment.trim() === ''
    // Mai yamok and paiyannoi belong to the word before them, and a mark to its sign.
    const leans = /^[ๆฯ\p{M}]/u.test(segment)
    const opens = !leans && (!glued || (isWordLike && afterWord))
    const last = chunks.length - 1
    if (chunks.length > 0 && (space || !opens)) chunks[last] += space ? ' ' : segment
    else chunks.push(segment)
    glued = !space
    afterWord = isWordLike
  }
  return chunks
}

// A sign and the marks that belong to it stay together, unless they alone are wider than a line.
function signsOf(word: string, width: number): string[] {
  return Array.from(graphemes.segment(word), ({ segment }) => segment).flatMap((sign) =>
    cellWidth(sign) > width ? [...sign] : [sign],
  )
}
