// Reads PostgreSQL's own log in JSON: what a client really sent, statement by statement.

/** A statement as it was executed, with its parameters as text; `null` is SQL's. */
export type Statement = {
  readonly text: string
  readonly parameters: readonly (string | null)[]
}

/** The statements of one transaction, from its BEGIN to its COMMIT. */
export type Transaction = readonly Statement[]

type LogLine = {
  readonly session_id?: string
  readonly dbname?: string
  readonly message?: string
  readonly detail?: string
}

/** The transactions that were committed in a database, in the order of their commits. */
export function readTransactions(log: string, database: string): Transaction[] {
  const committed: Transaction[] = []
  const open = new Map<string, Statement[]>()
  for (const line of log.split('\n')) {
    const { session_id: session = '', dbname, message, detail } = parseLine(line)
    const text = /^(?:statement|execute [^:]*): ([\s\S]*)$/.exec(message ?? '')?.[1]
    if (dbname !== database || text === undefined) continue
    const statement = { text, parameters: readParameters(detail ?? '') }
    if (/^begin\b/i.test(text)) open.set(session, [])
    const transaction = open.get(session)
    transaction?.push(statement)
    if (transaction === undefined || !/^(commit|rollback)\b/i.test(text)) continue
    open.delete(session)
    if (/^commit\b/i.test(text)) committed.push(transaction)
  }
  return committed
}

function parseLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine
  } catch {
    return {} // The last line may not be written to its end yet.
  }
}

const parameterPattern = /\$([0-9]+) = (NULL|'(?:[^']|'')*')(?:, |$)/y

/** `Parameters: $1 = 'it''s', $2 = NULL` as values. */
export function readParameters(detail: string): readonly (string | null)[] {
  const start = /^parameters: /i.exec(detail)?.[0].length
  if (start === undefined) return []
  const values: (string | null)[] = []
  parameterPattern.lastIndex = start
  while (parameterPattern.lastIndex < detail.length) {
    const at = parameterPattern.lastIndex
    const [, nth, value = ''] = parameterPattern.exec(detail) ?? []
    if (Number(nth) !== values.length + 1) throw new Error(`parameters of a kind not known: ${at}`)
    values.push(value === 'NULL' ? null : value.slice(1, -1).replaceAll("''", "'"))
  }
  return values
}
