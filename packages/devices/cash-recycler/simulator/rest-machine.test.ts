import { minor } from '@tillkeeper/core/money/money.ts'
import { expect, onTestFinished, test } from 'vitest'
import type { Deed, MachineView } from './hands.ts'
import { startRestMachine } from './rest-machine.ts'

test('a polled machine is paid, jammed and mended by hand on the page, and keeps its truth', async () => {
  const machine = await startRestMachine({ username: 'a', password: 'b', giveMs: 1 })
  onTestFinished(machine.close)
  const { play } = machine.server
  const state = async () =>
    (await (await fetch(`${machine.controlUrl}state`)).json()) as MachineView
  const act = async (deed: Deed) => {
    const headers = { 'content-type': 'application/json' }
    const init = { method: 'POST', headers, body: JSON.stringify(deed) }
    const reply = await fetch(`${machine.controlUrl}do`, init)
    return ((await reply.json()) as { refused: string | null }).refused
  }
  const insert = (faceMinor: number): Deed => ({
    hands: { is: 'insert', into: 'entrance', pieces: [{ faceMinor, quality: 'fit', count: 1 }] },
  })
  expect((await fetch(machine.controlUrl)).status).toBe(200)
  expect(await act(insert(10_000)), 'nobody waits for money').toBe('closed')

  play.start('payment', minor(12_300), '1')
  expect(await state()).toMatchObject({ phase: 'waiting', operation: { amountMinor: 12_300 } })
  expect(await act(insert(10_000))).toBeNull()
  expect((await state()).operation?.taken).toEqual({ 10000: 1 })
  await act(insert(5_000))
  await expect.poll(async () => (await state()).phase).toBe('idle')
  const lies = (await state()).places.exit.map(({ faceMinor, count }) => faceMinor * count)
  expect(lies.reduce((sum, worth) => sum + worth, 0)).toBe(2_700)
  await act({ hands: { is: 'take' } })
  expect((await state()).places.exit).toEqual([])

  await act({ hands: { is: 'arm', fault: { kind: 'jam_giving', after: 0 } } })
  play.start('withdrawal', minor(10_000), '2')
  await expect.poll(async () => (await state()).phase).toBe('blocked')
  await act({ hands: { is: 'mend' } })
  expect((await state()).error).toBeNull()
  expect(await act({ hands: { is: 'open_cover' } }), 'it has no such cover').toBe('bad_request')
})
