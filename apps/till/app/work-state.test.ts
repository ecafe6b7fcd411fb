import { expect, test } from 'vitest'
import type { ClosedSession } from '../journal/kept.ts'
import {
  onClose,
  onClosed,
  onDone,
  onHandOver,
  onLock,
  onSignedIn,
  type Work,
} from './work-state.ts'

const closed = onClosed({} as ClosedSession)
const closing: Work = { at: 'closing' }
const locked: Work = { at: 'locked' }
const selling = onSignedIn()

test.for([
  { what: 'lock while selling', from: selling, to: onLock(selling), at: 'locked' },
  { what: 'lock while counting', from: closing, to: onLock(closing), at: 'locked' },
  { what: 'lock at a result', from: closed, to: onLock(closed), at: 'closed' },
  { what: 'close with an empty cart', from: selling, to: onClose(selling, 0), at: 'closing' },
  { what: 'close with a cart', from: selling, to: onClose(selling, 2), at: 'selling' },
  { what: 'close while locked', from: locked, to: onClose(locked, 0), at: 'locked' },
  // A cart of this till is not in the way of another session's count.
  { what: 'count a waiting session', from: selling, to: onClose(selling, 2, 'a'), at: 'closing' },
  { what: 'hand over', from: selling, to: onHandOver(selling, 0), at: 'handing_over' },
  { what: 'hand over with a cart', from: selling, to: onHandOver(selling, 2), at: 'selling' },
  { what: 'hand over while locked', from: locked, to: onHandOver(locked, 0), at: 'locked' },
  { what: 'leave a count', from: closing, to: onDone(closing), at: 'selling' },
  { what: 'leave a result', from: closed, to: onDone(closed), at: 'locked' },
])('$what: $at', ({ to, at }) => {
  expect(to.at).toBe(at)
})
