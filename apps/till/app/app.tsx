import { Button } from '@tillkeeper/ui/button/button.tsx'
import { ErrorState } from '@tillkeeper/ui/feedback/states.tsx'
import { useEffect, useState } from 'react'
import { SetUpScreen } from '../device/set-up-screen.tsx'
import { useText } from '../words/use-text.ts'
import { type Boot, boot, run } from './boot.ts'
import type { TillNode } from './node.ts'
import { NodeProvider } from './use-till.ts'
import { WorkScreen } from './work-screen.tsx'

// One page starts once, whatever React does with its components.
let started: { onBoot: (boot: Boot) => void; last: Boot } | undefined

function startOnce(onBoot: (boot: Boot) => void): Boot {
  if (started !== undefined) {
    started.onBoot = onBoot
    return started.last
  }
  const held = { onBoot, last: { is: 'starting' } as Boot }
  started = held
  void boot((next) => {
    held.last = next
    held.onBoot(next)
  })
  return held.last
}

// A button that was touched does not keep the focus: the Enter that comes next, of a person or of a
// scanner, is meant for the screen and must not press it again. Who goes by Tab still gets to each.
function keepFocusOffButtons(): () => void {
  const onMouseDown = (event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest('button') !== null) {
      event.preventDefault()
    }
  }
  document.addEventListener('mousedown', onMouseDown)
  return () => document.removeEventListener('mousedown', onMouseDown)
}

/** The whole till: whatever state its page is in. */
export function App() {
  const [state, setState] = useState<Boot>({ is: 'starting' })
  useEffect(() => setState(startOnce(setState)), [])
  useEffect(keepFocusOffButtons, [])
  switch (state.is) {
    case 'starting':
      return <Starting />
    case 'elsewhere':
      return <Elsewhere />
    case 'broken':
      return <Broken />
    case 'set_up':
      return (
        <SetUpScreen
          db={state.db}
          before={state.before}
          gone={state.gone}
          onDevice={async (device) => {
            // The till that ran here until now is ended with its page.
            if (state.before !== undefined) location.reload()
            else setState({ is: 'running', node: await run(state.db, device) })
          }}
        />
      )
    case 'running':
      return (
        <NodeProvider value={state.node}>
          <WorkScreen onSetUp={() => setState(setUpAgain(state.node))} />
        </NodeProvider>
      )
  }
}

function setUpAgain({ db, device, state }: TillNode): Boot {
  const { unsent } = state.getState().sent
  return { is: 'set_up', db, before: { tillId: device.tillId, unsent } }
}

function Starting() {
  const t = useText()
  return (
    <main className="grid h-full place-items-center">
      <h1 role="status" className="m-0 text-body font-normal text-ink-soft">
        {t('till.starting')}
      </h1>
    </main>
  )
}

function Elsewhere() {
  const t = useText()
  return (
    <main className="grid h-full place-items-center p-6">
      <div className="max-w-lg text-center">
        <h1 className="m-0 text-title font-semibold">{t('elsewhere.title')}</h1>
        <p className="mt-3 text-ink-soft">{t('elsewhere.why')}</p>
      </div>
    </main>
  )
}

function Broken() {
  const t = useText()
  return (
    <main className="grid h-full p-6">
      <ErrorState
        happened={t('broken.happened')}
        safe={t('broken.safe')}
        next={t('broken.next')}
        action={
          <Button look="primary" size="touch" onClick={() => location.reload()}>
            {t('common.tryAgain')}
          </Button>
        }
      />
    </main>
  )
}
