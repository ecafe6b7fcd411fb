import { expect, test } from 'vitest'
import { readPaper } from './paper-lines.ts'

const receipt = [
  '             Baan Bakery Ari',
  ' 12 Phahonyothin Soi 7, Phaya Thai Bangkok',
  '------------------------------------------',
  'RCP-261120-010108        20 Nov 2026 19:07',
  'Till 1 · Malee',
  '1 x Tacos/Fajita                    149.00',
  '  2 x 45.00                           5.00',
  '',
  '             Thank you',
  '',
].join('\n')

test('a receipt is read line by line as it stands on paper', () => {
  expect(readPaper(receipt)).toEqual([
    { kind: 'centre', text: 'Baan Bakery Ari' },
    { kind: 'centre', text: '12 Phahonyothin Soi 7, Phaya Thai Bangkok' },
    { kind: 'rule' },
    { kind: 'columns', left: 'RCP-261120-010108', right: '20 Nov 2026 19:07' },
    { kind: 'text', text: 'Till 1 · Malee' },
    { kind: 'columns', left: '1 x Tacos/Fajita', right: '149.00' },
    { kind: 'columns', left: '  2 x 45.00', right: '5.00' },
    { kind: 'gap' },
    { kind: 'centre', text: 'Thank you' },
  ])
})

test('no word of a text is lost', () => {
  const words = (text: string) => text.split(/\s+/).filter((word) => /[^-\s]/.test(word))
  const read = readPaper(receipt).flatMap((line) => {
    if (line.kind === 'columns') return words(`${line.left} ${line.right}`)
    return line.kind === 'text' || line.kind === 'centre' ? words(line.text) : []
  })
  expect(read).toEqual(words(receipt))
})
