import { refusals } from './refusals.ts'

/** The page that lists every refusal there is. It is printed from the table, and a test compares it. */
export function refusalsPage(): string {
  const rows = Object.entries(refusals)
    .sort(([a, { status: first }], [b, { status: second }]) => first - second || (a < b ? -1 : 1))
    .map(([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} |`)
  return `# Refusals

Every answer of 4xx and 5xx is \`application/problem+json\` (RFC 9457) with one of these codes. A code never
changes its meaning; new ones may come. \`errors\` says where a request is wrong, as JSON pointers; other
fields beside the code say more (\`retryAfterSeconds\`, \`sessionId\`, \`totalMinor\` …).

Printed from \`packages/http/problem/refusals.ts\` by its test: \`npx vitest run packages/http/problem -u\`.

| code | status | meaning |
| --- | --- | --- |
${rows.join('\n')}
`
}
