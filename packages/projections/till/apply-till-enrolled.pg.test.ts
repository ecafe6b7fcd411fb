import type { OrgId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { TillEnrolledFact } from '@tillkeeper/facts/catalogue/till-enrolled.ts'
import { hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import { expect, test } from 'vitest'
import { applyFacts } from '../apply/apply-facts.ts'
import { lockOrg } from '../journal/stream-sql.ts'
import { withTestDatabase } from '../testing/with-database.ts'
import { findMajor, findTillDevice, listTillKeys } from './till-device-sql.ts'

const org = '01940000-0000-7000-8000-000000000001' as OrgId
const shopId = '01940000-0000-7000-8000-0000000000a1' as ShopId
const tillId = '01940000-0000-7000-8000-0000000000a2' as TillId
const recordedAt = '2026-11-20T05:00:00.000Z'

function enrolled(major: number, author: string): TillEnrolledFact {
  const tokenHash = `${author === 'forged' ? 'f' : 'a'}${major}`.padEnd(64, '0')
  return {
    id: `01940000-0000-7000-8000-0000000000d${major}`,
    org,
    author: author === 'forged' ? `t-${tillId}` : author,
    epoch: '1.0',
    seq: major,
    hlc: hlcZero,
    type: 'till.enrolled',
    v: 1,
    scope: `shop:${shopId}`,
    actor: 'staff:1',
    occurredAt: recordedAt,
    businessDate: '2026-11-20',
    keys: [],
    refs: [],
    body: {
      shopId,
      tillId,
      major,
      tokenHash,
      publicKey: `${String(major).padEnd(59, 'A')}=`,
      staffId: '01940000-0000-7000-8000-0000000000a3' as StaffId,
    },
  }
}

test('a device is a till once its shop’s server has said so, however often it is said', async () => {
  await withTestDatabase(async (db) => {
    const facts = [1, 2].map((major) => enrolled(major, `s-${shopId}`))
    const apply = () =>
      db.begin(async (tx) => {
        await lockOrg(tx, org)
        const applied = facts.map((fact) => ({ fact, recordedAt }))
        return applyFacts(tx, org, applied)
      })
    expect(await findMajor(db, org, tillId)).toBe(0)
    expect(await apply()).toHaveLength(2)
    expect(await apply()).toHaveLength(0)
    expect(await findMajor(db, org, tillId)).toBe(2)
    expect(await findTillDevice(db, org, 'a1'.padEnd(64, '0'))).toEqual({ org, tillId, shopId })
    expect([...(await listTillKeys(db, org, tillId)).keys()]).toEqual([1, 2])
  })
})

test('a till that says so of itself enrols nobody', async () => {
  await withTestDatabase(async (db) => {
    await db.begin(async (tx) => {
      await lockOrg(tx, org)
      await applyFacts(tx, org, [{ fact: enrolled(7, 'forged'), recordedAt }])
    })
    expect(await findTillDevice(db, org, 'f7'.padEnd(64, '0'))).toBeUndefined()
    expect(await findMajor(db, org, tillId)).toBe(0)
  })
})
