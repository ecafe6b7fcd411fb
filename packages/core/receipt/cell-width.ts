// A thermal printer and a screen in a fixed face lay text out in cells. Most signs take one, marks that
// stand above or below another none (in Thai: mai han akat, the upper and lower vowels, tone marks), and
// the ideographs of the East two.

const noCell = /[\p{Mn}\p{Me}\u200b-\u200d\u2060\ufeff]/u
const twoCells =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u

/** How many cells of a fixed face a text takes. */
export function cellWidth(text: string): number {
  let cells = 0
  for (const sign of text) {
    if (noCell.test(sign)) continue
    cells += twoCells.test(sign) ? 2 : 1
  }
  return cells
}
