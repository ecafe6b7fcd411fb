import { chooseCount } from '@tillkeeper/core/hint/choose-count.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { DenominationChip } from '@tillkeeper/ui/denomination/denomination-chip.tsx'
import { useEffect, useState } from 'react'
import { may } from '../app/node.ts'
import { useNode, useTill } from '../app/use-till.ts'
import type { SuggestedFaces } from '../till/cycle-panel.tsx'
import { useText } from '../words/use-text.ts'

/** How often the till looks whether a moment is quiet. */
const lookMs = 20_000
/** Somebody who said not now is left alone for so long. */
const notNowMs = 30 * 60_000

/** In a quiet moment: one face that is worth counting. It names no amount, and goes away by itself. */
export function QuietCount({ onCount }: { readonly onCount: (suggested: SuggestedFaces) => void }) {
  const t = useText()
  const node = useNode()
  const stock = useTill(({ book }) => book.session?.stock)
  const [nowMs, setNowMs] = useState(() => node.nowMs())
  const [restsUntil, setRestsUntil] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setNowMs(node.nowMs()), lookMs)
    return () => clearInterval(timer)
  }, [node])
  if (stock === undefined || nowMs < restsUntil || !may(node, 'till.close')) return null
  const face = chooseCount(stock, nowMs)
  if (face === undefined) return null
  const { currency } = stock
  return (
    <div
      role="status"
      className="flex shrink-0 items-center gap-3 border-b border-line bg-surface px-4 py-2 text-small"
    >
      <span className="mr-auto flex flex-wrap items-center gap-2 text-ink-soft">
        {t('quiet.text')} <DenominationChip face={face} currency={currency} />
      </span>
      <Button size="touch" look="quiet" onClick={() => setRestsUntil(nowMs + notNowMs)}>
        {t('quiet.notNow')}
      </Button>
      <Button size="touch" onClick={() => onCount({ currency, faces: [face] })}>
        {t('quiet.count')}
      </Button>
    </div>
  )
}
