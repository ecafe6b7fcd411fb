import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { expect, test } from 'vitest'
import { withTestDatabase } from '../testing/with-database.ts'
import { listIncidents, noteIncident, resolveIncident } from './incident-sql.ts'

const org = '019cac0f-2680-7000-8000-000000000001' as OrgId
const other = '019cac0f-2680-7000-8000-000000000002' as OrgId
const at = '2026-11-20T08:00:00.000Z'
const later = '2026-11-20T09:00:00.000Z'

test('a thing that goes on is one incident, until somebody closes it', () =>
  withTestDatabase(async (db) => {
    const fork = { kind: 'fork', node: 's-1', stream: 's-1:1.0/business' } as const
    expect(await noteIncident(db, org, { ...fork, at, detail: { seq: 7 } })).toBe(true)
    expect(await noteIncident(db, org, { ...fork, at: later }), 'seen again').toBe(false)
    expect(await noteIncident(db, org, { kind: 'clone_suspected', node: 's-1', at })).toBe(true)
    expect(await noteIncident(db, org, { kind: 'clone_suspected', node: 's-1', at })).toBe(false)
    expect(await noteIncident(db, org, { ...fork, node: 's-2', at })).toBe(true)
    expect(await noteIncident(db, other, { ...fork, at })).toBe(true)
    const open = await listIncidents(db, org, { openOnly: true })
    expect(open).toHaveLength(3)
    const first = open.find(({ node, kind }) => node === 's-1' && kind === 'fork')
    expect(first).toMatchObject({ at, detail: { seq: 7 }, resolvedAt: null, stream: fork.stream })

    const close = { id: first?.id ?? '', by: 'staff:1', at: later }
    expect(await resolveIncident(db, other, close), 'of another organisation').toBe(false)
    expect(await resolveIncident(db, org, close)).toBe(true)
    expect(await resolveIncident(db, org, close), 'closed already').toBe(false)
    expect(await noteIncident(db, org, { ...fork, at: later }), 'it happened again').toBe(true)
    expect(await listIncidents(db, org, { openOnly: true })).toHaveLength(3)
    const all = await listIncidents(db, org)
    expect(all).toHaveLength(4)
    expect(all.at(-1), 'what is closed comes last').toMatchObject({ resolvedBy: 'staff:1' })
  }))
