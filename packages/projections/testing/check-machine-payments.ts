import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { expect } from 'vitest'
import type { Db } from '../db.ts'

type Attempt = { readonly attemptId: string; readonly forAttemptId: string | null }
type End = { readonly attemptId: string; readonly factId: string; readonly isEnd: boolean }
type Use = {
  readonly attemptId: string
  readonly actId: string
  readonly currency: string
  readonly minor: number
}
type Move = { readonly factId: string; readonly currency: string; readonly minor: number }

/**
 * Judges every payment of a cash recycler anew, one by one and by other means than the tables were made by, and compares
 * that with what somebody was told: no machine's money is without its act in silence, and none is told in vain.
 */
export async function checkMachinePayments(db: Db, org: OrgId): Promise<void> {
  const [attempts, ends, uses, moves, told] = await Promise.all([
    db<Attempt[]>`
      SELECT attempt_id AS "attemptId", links ->> 'forAttemptId' AS "forAttemptId"
      FROM recycler_attempt WHERE org_id = ${org}
    `,
    db<End[]>`
      SELECT attempt_id AS "attemptId", id AS "factId",
        certain AND ending IN ('done', 'not_done') AS "isEnd"
      FROM recycler_settlement WHERE org_id = ${org}
      UNION ALL
      SELECT attempt_id, id, TRUE FROM recycler_resolution
      WHERE org_id = ${org} AND attempt_id IS NOT NULL
    `,
    db<Use[]>`
      SELECT attempt_id AS "attemptId", act_id AS "actId", currency, amount_minor AS minor
      FROM machine_use WHERE org_id = ${org}
    `,
    db<Move[]>`
      SELECT fact_id AS "factId", currency,
        CASE WHEN to_location LIKE 'recycler:%' THEN amount_minor ELSE -amount_minor END AS minor
      FROM cash_transfer
      WHERE org_id = ${org} AND 'customer' IN (split_part(from_location, ':', 1), split_part(to_location, ':', 1))
        AND 'recycler' IN (split_part(from_location, ':', 1), split_part(to_location, ':', 1))
    `,
    db<{ name: string }[]>`
      SELECT id AS name FROM exception
      WHERE org_id = ${org} AND kind LIKE 'machine_payment_%' ORDER BY id
    `,
  ])
  const parts = new Set(
    attempts.flatMap(({ attemptId, forAttemptId }) => (forAttemptId === null ? [] : [attemptId])),
  )
  const all = new Set([...attempts, ...ends, ...uses].map(({ attemptId }) => attemptId))
  const due = [...all]
    .filter((root) => !parts.has(root))
    .flatMap((root) => {
      const family = new Set([root])
      for (const one of family) {
        for (const { attemptId, forAttemptId } of attempts) {
          if (forAttemptId === one) family.add(attemptId)
        }
      }
      const kind = judge([...family], { ends, uses, moves })
      return kind === undefined ? [] : [`${root}/${kind}`]
    })
  expect(
    told.map(({ name }) => name),
    'money of a machine and the acts it was for are told where they part',
  ).toEqual(due.sort())
}

function judge(
  family: readonly string[],
  { ends, uses, moves }: { ends: readonly End[]; uses: readonly Use[]; moves: readonly Move[] },
): string | undefined {
  const own = uses.filter(({ attemptId }) => family.includes(attemptId))
  const isTwice = family.some(
    (one) =>
      new Set(own.filter(({ attemptId }) => attemptId === one).map(({ actId }) => actId)).size > 1,
  )
  if (isTwice) return 'machine_payment_differs'
  const said = ends.filter(({ attemptId }) => family.includes(attemptId))
  const isOver = family.every((one) =>
    said.some(({ attemptId, isEnd }) => attemptId === one && isEnd),
  )
  if (!isOver) return undefined
  const facts = new Set(said.map(({ factId }) => factId))
  const left = new Map<string, number>()
  const add = (currency: string, minor: number) =>
    left.set(currency, (left.get(currency) ?? 0) + minor)
  for (const { factId, currency, minor } of moves) if (facts.has(factId)) add(currency, minor)
  for (const { currency, minor } of own) add(currency, -minor)
  if ([...left.values()].every((minor) => minor === 0)) return undefined
  return own.length === 0 ? 'machine_payment_without_sale' : 'machine_payment_differs'
}
