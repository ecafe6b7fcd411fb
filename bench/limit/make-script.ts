import type { CapturedSale } from './capture-sales.ts'
import type { Statement } from './read-log.ts'

// Turns sales that a store server really made into a pgbench script of the same statements. Each
// statement stays as it was, word for word; only its `$n` get names. What differs from sale to sale
// comes from pgbench: the sale's id, its place in the stream, its receipt number. What differs from till
// to till is as it was captured there. Everything else is constant.

export type PgbenchScript = {
  readonly script: string
  /** Constant parameters, by name: for pgbench's `-D`. */
  readonly constants: Readonly<Record<string, string>>
}

/** What a captured value has in it of its sale, once that is taken out. Never in real values. */
const markOf = { id: '<the id>', receiptNumber: '<the receipt number>', counter: '<the counter>' }

/**
 * Makes the script, for one pgbench client per captured sale. `runVariable`s of it: `n`, which
 * counts the sales of a client and has to be set where it starts. Throws where the captured sales are
 * not made of the same statements, or where what has to vary is not found in them.
 */
export function makeScript(sales: readonly CapturedSale[]): PgbenchScript {
  const [first] = sales
  if (first === undefined) throw new Error('a script is made from at least one sale')
  requireSameStatements(sales)
  const constants: Record<string, string> = {}
  const templates = new Map<string, readonly string[]>()
  const lines = first.transaction.map((statement, nth) => {
    requireNoVariables(statement)
    const names = statement.parameters.map((_, index) => {
      const values = sales.map(({ transaction }) => transaction[nth]?.parameters[index] ?? null)
      const name = `s${nth}p${index + 1}`
      const kind = classify(values, sales)
      if (kind.kind === 'seq') return kind.name
      if (kind.kind === 'constant') constants[name] = kind.value
      if (kind.kind === 'template') templates.set(name, kind.values)
      // Of a name that is nowhere set, pgbench makes NULL.
      return name
    })
    return nameParameters(statement, names)
  })
  requireVarying(lines, templates)
  return { script: assemble(first, lines, drawParameters(sales, templates)), constants }
}

function requireSameStatements(sales: readonly CapturedSale[]): void {
  const texts = sales.map(({ transaction }) => transaction.map(({ text }) => text).join(';\n'))
  const other = texts.find((text) => text !== texts[0])
  if (other !== undefined) {
    throw new Error(`two sales were made of different statements:\n${texts[0]}\n---\n${other}`)
  }
}

// pgbench takes `:word` for a variable wherever it stands.
function requireNoVariables({ text }: Statement): void {
  const found = /(?<!:):[A-Za-z0-9_]+/.exec(text)
  if (found !== null) throw new Error(`pgbench would take ${found[0]} for a variable:\n${text}`)
}

type Kind =
  | { readonly kind: 'seq'; readonly name: 'seq' | 'next_seq' }
  | { readonly kind: 'constant'; readonly value: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'template'; readonly values: readonly string[] }

function classify(values: readonly (string | null)[], sales: readonly CapturedSale[]): Kind {
  const texts = values.filter((value) => value !== null)
  if (texts.length === 0) return { kind: 'null' }
  if (texts.length < values.length) throw new Error('a parameter is NULL in some sales only')
  // The numbers of a stream that has run for a while are like no other number of a sale.
  if (texts.every((text, index) => text === String(sales[index]?.seq))) {
    return { kind: 'seq', name: 'next_seq' }
  }
  if (texts.every((text, index) => text === String((sales[index]?.seq ?? 0) - 1))) {
    return { kind: 'seq', name: 'seq' }
  }
  const marked = texts.map((text, index) => mark(text, sales[index] as CapturedSale))
  const [value = ''] = texts
  const constant = marked.every((text, index) => text === value && text === texts[index])
  return constant ? { kind: 'constant', value } : { kind: 'template', values: marked }
}

function mark(text: string, { id, receiptNumber }: CapturedSale): string {
  const counter = Number(receiptNumber.slice(receiptPrefixLength))
  return text
    .replaceAll(id, markOf.id)
    .replaceAll(receiptNumber, markOf.receiptNumber)
    .replaceAll(new RegExp(`("last": ?)${counter}\\b`, 'g'), `$1${markOf.counter}`)
}

/** `RCP-261120-01` of `RCP-261120-010042`: the day and the till. */
const receiptPrefixLength = 13

// The driver says of bytes that they are bytes; pgbench says nothing, and PostgreSQL cannot always
// tell from the statement.
function castOf(value: string | null): string {
  if (value === null) return ''
  if (/^\\x([0-9a-f]{2})*$/.test(value)) return '::bytea'
  return /^\{(NULL|"\\\\x)/.test(value) ? '::bytea[]' : ''
}

function nameParameters({ text, parameters }: Statement, names: readonly string[]): string {
  return text.trim().replaceAll(/\$([0-9]+)/g, (_, digits: string) => {
    const index = Number(digits) - 1
    return `:${names[index]}${castOf(parameters[index] ?? null)}`
  })
}

function requireVarying(
  lines: readonly string[],
  templates: ReadonlyMap<string, readonly string[]>,
): void {
  const all = [...templates.values()].flat()
  for (const [what, found] of [
    ['the id of the sale', all.some((text) => text.includes(markOf.id))],
    ['the receipt number', all.some((text) => text.includes(markOf.receiptNumber))],
    ['the receipt counter', all.some((text) => text.includes(markOf.counter))],
    ['the place in the stream', lines.some((line) => /:next_seq\b/.test(line))],
    ['the place before it', lines.some((line) => /:seq\b/.test(line))],
  ] as const) {
    if (!found) throw new Error(`${what} was not found in the statements of a sale`)
  }
}

/** For each client, one query that gives it the parameters of its next sale. */
function drawParameters(
  sales: readonly CapturedSale[],
  templates: ReadonlyMap<string, readonly string[]>,
): string[] {
  return sales.flatMap(({ receiptNumber }, client) => {
    const columns = [...templates].map(([name, values]) => {
      const filled = [
        ['id', 'next.id'],
        ['receiptNumber', `${quote(receiptNumber.slice(0, receiptPrefixLength))} || next.n`],
        ['counter', 'next.n'],
      ].reduce(
        (text, [part, value]) =>
          values[client]?.includes(markOf[part as keyof typeof markOf])
            ? `replace(${text}, ${quote(markOf[part as keyof typeof markOf])}, ${value})`
            : text,
        quote(values[client] ?? ''),
      )
      return `${filled} AS ${name}`
    })
    return [
      `\\if :client_id = ${client}`,
      `SELECT ${columns.join(',\n  ')}\nFROM (SELECT uuidv7()::text AS id, (:n)::text AS n) AS next \\gset`,
      '\\endif',
    ]
  })
}

// A colon would begin a variable, so it is written by its code.
function quote(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll(':', '\\x3a')
  return `E'${escaped}'`
}

// The head of the stream has to be read before anything can be written behind it; all else goes to the
// database in one piece, as much as the protocol allows: that is what makes it a limit.
function assemble(
  { transaction }: CapturedSale,
  lines: readonly string[],
  draw: readonly string[],
): string {
  const head = transaction.findIndex(({ text }) => /\bFOR NO KEY UPDATE\b/.test(text))
  if (head === -1) throw new Error('no statement holds the head of the stream')
  const pipeline = (part: readonly string[]) => [
    '\\startpipeline',
    ...part.map((line) => `${line};`),
    '\\endpipeline',
  ]
  return [
    '\\set n :n + 1',
    ...draw,
    ...pipeline(lines.slice(0, head)),
    `${lines[head]} \\gset`,
    '\\set next_seq :seq + 1',
    ...pipeline(lines.slice(head + 1)),
    '',
  ].join('\n')
}
