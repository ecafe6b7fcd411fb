import { expect, test } from 'vitest'
import { writeCsv } from './csv.ts'

test('cells are quoted where they have to be', () => {
  expect(writeCsv([['a', 'b, c', 'say "hi"', 'two\nlines']])).toBe(
    'a,"b, c","say ""hi""","two\nlines"\r\n',
  )
})

test('an amount below zero stays a number, a formula becomes text', () => {
  expect(writeCsv([['-45.00', '=1+1', '+66', '@x', '-cmd']])).toBe(
    "-45.00,'=1+1,'+66,'@x,'-cmd\r\n",
  )
})
