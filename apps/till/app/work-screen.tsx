import { useEffect, useState } from 'react'
import { PreparingScreen } from '../catalogue/preparing-screen.tsx'
import { SaleScreen } from '../sale/sale-screen.tsx'
import { LockScreen } from '../staff/lock-screen.tsx'
import { CloseTillScreen } from '../till/close-till-screen.tsx'
import { ClosedScreen } from '../till/closed-screen.tsx'
import { HandOverTillScreen } from '../till/hand-over-till-screen.tsx'
import type { OpeningDifference } from '../till/open-till.ts'
import { OpenTillScreen } from '../till/open-till-screen.tsx'
import { OpeningDifferenceScreen } from '../till/opening-difference-screen.tsx'
import { findWorker } from './node.ts'
import { watchUpdates } from './update.ts'
import { useNode, useTill } from './use-till.ts'
import {
  onClose,
  onClosed,
  onDone,
  onHandOver,
  onLock,
  onSignedIn,
  type Work,
} from './work-state.ts'

/** A till at work: who works here, and what they do. */
export function WorkScreen({ onSetUp }: { readonly onSetUp: () => void }) {
  const node = useNode()
  const [work, setWork] = useState<Work>({ at: 'locked' })
  const [differs, setDiffers] = useState<readonly OpeningDifference[]>([])
  const ready = useTill(({ ready: is }) => is)
  const open = useTill(({ book }) => book.session !== undefined)
  const worker = useTill((state) =>
    state.person === undefined ? undefined : state.directory.people.get(state.person.id),
  )
  // A till that was shown once stays: the feed may go on growing behind it.
  const [shown, setShown] = useState(ready)
  if (ready && !shown) setShown(true)
  useEffect(() => watchUpdates(node), [node])

  const lock = () => {
    node.state.setState({ person: undefined, login: undefined })
    setWork((held) => (held.at === 'closed' ? onDone(held) : onLock(held)))
  }
  // Who was switched off in the office while working here is out at once.
  const gone = work.at !== 'locked' && work.at !== 'closed' && worker?.active !== true
  useEffect(() => {
    if (gone && findWorker(node)?.active !== true) setWork({ at: 'locked' })
  }, [gone, node])

  if (!shown) return <PreparingScreen />
  if (work.at === 'locked' || gone) {
    return <LockScreen onSetUp={onSetUp} onSignedIn={() => setWork(onSignedIn())} />
  }
  if (work.at === 'closed') {
    return <ClosedScreen closed={work.closed} onDone={lock} />
  }
  if (work.at === 'closing') {
    return (
      <CloseTillScreen
        sessionId={work.sessionId}
        onClosed={(closed) => setWork(onClosed(closed))}
        onBack={() => setWork(onDone)}
      />
    )
  }
  if (work.at === 'handing_over') {
    return <HandOverTillScreen onBack={() => setWork(onDone)} />
  }
  const count = (sessionId?: string) =>
    setWork((held) => onClose(held, node.state.getState().cart.lines.length, sessionId))
  if (!open) return <OpenTillScreen onLock={lock} onOpened={setDiffers} onCount={count} />
  if (differs.length > 0) {
    return <OpeningDifferenceScreen differences={differs} onDone={() => setDiffers([])} />
  }
  return (
    <SaleScreen
      onLock={lock}
      onClose={count}
      onHandOver={() =>
        setWork((held) => onHandOver(held, node.state.getState().cart.lines.length))
      }
    />
  )
}
