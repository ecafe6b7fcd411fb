import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { type Db, jsonParameter, type Reader } from '@tillkeeper/projections/db.ts'
import {
  judgeToken,
  type TokenVerdict,
  tokensKept,
} from '@tillkeeper/sync/identity/rolling-token.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'
import type { Receipt, RollingToken } from '@tillkeeper/sync/message/messages.ts'

/** Major epochs of which a child's words are kept; an older one begins anew. */
const majorsKept = 32

/** Takes note of the word that a child says, unless somebody else went on from it: then nothing changes. */
export async function keepToken(
  db: Db,
  org: OrgId,
  {
    author,
    major,
    token,
    at,
  }: {
    readonly author: string
    readonly major: number
    readonly token: RollingToken
    readonly at: string
  },
): Promise<TokenVerdict> {
  return db.begin(async (tx) => {
    await tx`SELECT pg_advisory_xact_lock(hashtextextended(${`${org}/${author}`}, 7321))`
    const rows = await tx<{ nth: number; token: string }[]>`
      SELECT nth, token FROM child_token
      WHERE org_id = ${org} AND author = ${author} AND major = ${major}
      ORDER BY nth
    `
    const verdict = judgeToken(
      rows.map((row) => row.token),
      token,
    )
    const words =
      verdict === 'begins' ? [token.held, token.next] : verdict === 'goes_on' ? [token.next] : []
    if (words.length === 0) return verdict
    const from = (rows.at(-1)?.nth ?? 0) + 1
    await tx`
      INSERT INTO child_token (org_id, author, major, nth, token, at)
      SELECT ${org}, ${author}, ${major}, ${from}::bigint + nth - 1, word, ${at}::timestamptz
      FROM unnest(${words}::text[]) WITH ORDINALITY AS said (word, nth)
    `
    await tx`
      DELETE FROM child_token
      WHERE org_id = ${org} AND author = ${author}
        AND (major <= ${major - majorsKept}
          OR (major = ${major} AND nth < ${from + words.length - tokensKept}))
    `
    return verdict
  })
}

/** Forgets what children said: this server's own memory is older than theirs. */
export async function forgetTokens(sql: Reader, org?: OrgId): Promise<void> {
  await sql`DELETE FROM child_token WHERE ${org === undefined ? sql`TRUE` : sql`org_id = ${org}`}`
}

/** A head with what was signed over it. */
export type SignedHead = {
  readonly stream: StreamId
  readonly seq: number
  readonly hash: string
  /** Base64. */
  readonly signature: string
  /** Base64 of SPKI. */
  readonly publicKey: string
  readonly at: string
}

/** Which of these heads are kept as they are: their signatures need no second look. */
export async function findKeptHeads(
  sql: Reader,
  org: OrgId,
  streams: readonly StreamId[],
): Promise<ReadonlySet<string>> {
  const rows = await sql<{ stream: string; seq: number; hash: Uint8Array }[]>`
    SELECT stream, seq, hash FROM head_signature
    WHERE org_id = ${org} AND stream = ANY(${[...streams]}::text[])
  `
  return new Set(rows.map(({ stream, seq, hash }) => `${stream} ${seq} ${toHex(hash)}`))
}

/** Keeps signed heads, of each stream the newest. */
export async function keepHeads(
  sql: Reader,
  org: OrgId,
  {
    table,
    heads,
  }: { readonly table: 'head_signature' | 'head_receipt'; readonly heads: readonly SignedHead[] },
): Promise<void> {
  if (heads.length === 0) return
  await sql`
    INSERT INTO ${sql(table)} AS kept (org_id, stream, seq, hash, signature, public_key, at)
    SELECT ${org}::uuid, stream, seq, decode(hash, 'hex'), decode(signature, 'base64'), "publicKey", at
    FROM jsonb_to_recordset(${jsonParameter(sql, heads)}) AS signed
      (stream text, seq bigint, hash text, signature text, "publicKey" text, at timestamptz)
    ON CONFLICT (org_id, stream) DO UPDATE
    SET seq = excluded.seq, hash = excluded.hash, signature = excluded.signature,
      public_key = excluded.public_key, at = excluded.at
    WHERE kept.seq < excluded.seq OR (kept.seq = excluded.seq AND kept.hash <> excluded.hash)
  `
}

/** The receipts that are kept for these streams. */
export async function findReceipts(
  sql: Reader,
  org: OrgId,
  streams: readonly StreamId[],
): Promise<readonly Receipt[]> {
  const rows = await sql<
    { stream: StreamId; seq: number; hash: Uint8Array; at: string; signature: Uint8Array }[]
  >`
    SELECT stream, seq, hash, at, signature FROM head_receipt
    WHERE org_id = ${org} AND stream = ANY(${[...streams]}::text[])
    ORDER BY stream
  `
  return rows.map(({ hash, signature, ...row }) => ({
    ...row,
    hash: toHex(hash),
    signature: Buffer.from(signature).toString('base64'),
  }))
}

/** The hashes of a stream at some positions, by rising position; what is not held is left out. */
export async function findHashes(
  sql: Reader,
  org: OrgId,
  { stream, seqs }: { readonly stream: StreamId; readonly seqs: readonly number[] },
): Promise<readonly { readonly seq: number; readonly hash: string }[]> {
  const rows = await sql<{ seq: number; hash: Uint8Array }[]>`
    SELECT seq, hash FROM journal
    WHERE org_id = ${org} AND stream = ${stream} AND seq = ANY(${[...new Set(seqs)]}::bigint[])
    ORDER BY seq
  `
  return rows.map(({ seq, hash }) => ({ seq, hash: toHex(hash) }))
}

/** Epochs that one child is granted in a day: who asks for more is broken, and is asked to wait. */
export const renewalsMax = 20

/** The major that a request was granted before, and how many epochs the author was granted in a day. */
export async function findRenewals(
  sql: Reader,
  org: OrgId,
  {
    author,
    request,
    since,
  }: { readonly author: string; readonly request: string; readonly since: string },
): Promise<{ readonly major: number | null; readonly granted: number }> {
  const [row] = await sql<{ major: number | null; granted: number }[]>`
    SELECT max(major) FILTER (WHERE request = ${request}) AS major,
      count(*) FILTER (WHERE at > ${since}) AS granted
    FROM renewed_epoch
    WHERE org_id = ${org} AND author = ${author}
  `
  return row ?? { major: null, granted: 0 }
}

/** Notes a grant. The caller has seen that the request was not granted before. */
export async function insertRenewal(
  sql: Reader,
  org: OrgId,
  row: {
    readonly author: string
    readonly request: string
    readonly major: number
    readonly at: string
  },
): Promise<void> {
  await sql`
    INSERT INTO renewed_epoch (org_id, author, request, major, at)
    VALUES (${org}, ${row.author}, ${row.request}, ${row.major}, ${row.at})
  `
}
