import { expect, test } from 'vitest'
import { watchMachine } from './watch-machine.ts'

const offline = { at: 'offline', open: undefined } as const

test('a machine out of reach says why, until it is there again', () => {
  const watch = watchMachine('machine', () => {
    throw new Error('no attempt is open')
  })
  expect(watch.live(offline).condition).toEqual({ is: 'offline' })
  watch.lost('connect ECONNREFUSED 192.168.0.25:3001')
  expect(watch.live(offline).condition).toMatchObject({
    fault: { code: '', text: 'connect ECONNREFUSED 192.168.0.25:3001' },
  })
  watch.lost('certificate_changed: AA became BB')
  expect(watch.live(offline).condition).toMatchObject({
    ...{ is: 'offline', fault: { code: 'certificate_changed' } },
  })
  const can = {
    ...{ currencies: [], payIn: true, payOut: 'both' as const, deposit: true },
    ...{ replenish: [], collect: [], lock: false, reset: true, verify: true, pushes: true },
  }
  watch.hear({ type: 'capabilities', capabilities: can })
  expect(watch.live(offline).condition).toEqual({ is: 'offline' })
})
