/** A line of a printed text, by how it stands on the paper. */
export type PaperLine =
  | { readonly kind: 'rule' }
  | { readonly kind: 'gap' }
  | { readonly kind: 'centre'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'columns'; readonly left: string; readonly right: string }

/** Indented by less, a line belongs to the one above it; by more, it stands in the middle. */
const indentMax = 4

/** Reads how the lines of a receipt stand: rules, headings in the middle, a text and its amount. */
export function readPaper(text: string): readonly PaperLine[] {
  const lines = text.replace(/\s+$/, '').split('\n').map(readLine)
  // Above the first rule stands the shop, in the middle, also where its address fills the line.
  const firstRule = lines.findIndex(({ kind }) => kind === 'rule')
  return lines.map((line, index) =>
    index < firstRule && line.kind === 'text' ? { kind: 'centre', text: line.text.trim() } : line,
  )
}

function readLine(line: string): PaperLine {
  const trimmed = line.trim()
  if (trimmed === '') return { kind: 'gap' }
  if (/^[-=]{3,}$/.test(trimmed)) return { kind: 'rule' }
  const indented = line.trimEnd()
  const gap = widestGap(indented)
  if (gap !== undefined) {
    return {
      kind: 'columns',
      left: indented.slice(0, gap.start),
      right: indented.slice(gap.end),
    }
  }
  const indent = line.length - line.trimStart().length
  return indent > indentMax ? { kind: 'centre', text: trimmed } : { kind: 'text', text: line }
}

// Between the two columns of a line stands its widest gap; a single space is one between words.
function widestGap(line: string): { readonly start: number; readonly end: number } | undefined {
  let widest: { readonly start: number; readonly end: number } | undefined
  for (const match of line.matchAll(/(?<=\S) {2,}(?=\S)/g)) {
    const end = match.index + match[0].length
    if (widest === undefined || end - match.index > widest.end - widest.start) {
      widest = { start: match.index, end }
    }
  }
  return widest
}
