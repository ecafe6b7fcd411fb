import { expect, test } from 'vitest'
import { Fcc } from './fcc.ts'
import { factorySettings } from './fcc-sessions.ts'
import { readElement } from './fcc-xml.ts'
import { profileOf } from './machine-profiles.ts'
import { createMachine, hurried } from './machine-state.ts'

test('what is due of work under way is told as its own, even when other work is refused meanwhile', () => {
  const time = { now: 0 }
  // Its timers never ring: all that is due happens when the next call comes.
  const clock = { now: () => time.now, after: () => () => {} }
  const nobody = { dial: () => {}, hangUp: () => {}, cutAll: () => {} }
  const machine = createMachine(profileOf('CI-10', 'THB'), hurried)
  const timings = { adjustTimeMs: 1, heartbeatMs: 1 }
  const fcc = new Fcc(machine, factorySettings, timings, { clock, ...nobody })
  const frames: string[] = []
  fcc.listeners.add({ send: (frame) => frames.push(frame), drop: () => {} })
  const ask = (id: string, seqNo: string) => {
    const request = readElement('<ChangeRequest><Amount>2000</Amount></ChangeRequest>')
    if (request === undefined) throw new Error('the request is well formed')
    fcc.ask({
      ...{ root: 'ChangeRequest', request, id, seqNo },
      ...{ sessionId: undefined, answer: () => {} },
    })
  }
  ask('first', '1')
  time.now = 10
  ask('second', '2')
  const told = frames
    .filter((frame) => frame.includes('<StatusChangeEvent>'))
    .map((frame) => /<Status>(\d+)<.*<SeqNo>(\d*)</.exec(frame)?.slice(1))
  expect(told).toEqual([
    ['2', '1'],
    ['3', '1'],
  ])
  expect(fcc.begun).toEqual(['1'])
})
