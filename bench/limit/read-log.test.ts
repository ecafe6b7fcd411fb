import { expect, test } from 'vitest'
import { readParameters, readTransactions } from './read-log.ts'

const line = (session: string, message: string, detail?: string, dbname = 'store') =>
  JSON.stringify({ session_id: session, dbname, message, detail })

test('parameters are read as they were sent, with quotes, commas and NULL', () => {
  const detail = "Parameters: $1 = 'it''s, $2 = ''x''', $2 = NULL, $3 = '', $4 = '{\"a\": 1}'"
  expect(readParameters(detail)).toEqual(["it's, $2 = 'x'", null, '', '{"a": 1}'])
  // PostgreSQL 15 writes it small.
  expect(readParameters("parameters: $1 = '7'")).toEqual(['7'])
  expect(readParameters('')).toEqual([])
})

test('parameters that are cut off or of another form stop the reading', () => {
  expect(() => readParameters("Parameters: $1 = 'abc...")).toThrow('parameters')
  expect(() => readParameters("Parameters: $2 = '7'")).toThrow('parameters')
})

test('a transaction is what one session sent from BEGIN to COMMIT, and no other’s', () => {
  const log = [
    line('a', 'statement: begin '),
    line('b', 'statement: begin '),
    line('a', "execute x1: SELECT ':'\nFROM sale WHERE id = $1", "Parameters: $1 = 'A'"),
    line('b', 'execute <unnamed>: SELECT 2'),
    line('c', 'execute x2: SELECT 3'),
    line('a', 'duration: 1 ms'),
    line('b', 'execute x3: rollback'),
    line('d', 'statement: begin ', undefined, 'cloud'),
    line('d', 'statement: commit', undefined, 'cloud'),
    line('a', 'execute x4: commit'),
    '{"session_id":"a","message":"statement: beg',
  ].join('\n')
  expect(readTransactions(log, 'store')).toEqual([
    [
      { text: 'begin ', parameters: [] },
      { text: "SELECT ':'\nFROM sale WHERE id = $1", parameters: ['A'] },
      { text: 'commit', parameters: [] },
    ],
  ])
})
