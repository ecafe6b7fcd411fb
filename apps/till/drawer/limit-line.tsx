import { hintDrop } from '@tillkeeper/core/drawer/drawer-limit.ts'
import { denominationsOf } from '@tillkeeper/core/money/denominations.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatFace } from '@tillkeeper/ui/money/format-money.ts'
import { getCurrency, getShop, may } from '../app/node.ts'
import { useNode, useTill } from '../app/use-till.ts'
import { holdsHere } from '../till/hold-authority.ts'
import { useText } from '../words/use-text.ts'

/**
 * A quiet line when the drawer holds more than it may, with the notes to drop. Who counts blind is told the kinds
 * of notes alone: how much there is stays unsaid.
 */
export function LimitLine({ onDrop }: { readonly onDrop: () => void }) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  useTill(({ book, directory }) => `${book.session?.id}/${directory.shops.size}`)
  useTill(({ book }) => book.session?.totals)
  const currency = getCurrency(node)
  const shop = getShop(node)
  const hint = hintDrop(holdsHere(node), {
    limitMinor: shop.drawerLimitMinor,
    targetMinor: shop.floatMinor,
    denominations: denominationsOf(currency),
    blind: !may(node, 'till.expected'),
  })
  if (hint === undefined || !may(node, 'cash.move')) return null
  const face = (each: (typeof hint.faces)[number]) => formatFace(each, { currency, language })
  const notes =
    hint.pieces === undefined || hint.pieces.length === 0
      ? hint.faces.map(face).join(', ')
      : hint.pieces.map(({ faceMinor, pieces }) => `${pieces} × ${face(faceMinor)}`).join(', ')
  return (
    <div
      role="status"
      className="flex shrink-0 items-center justify-between gap-3 border-b border-line bg-surface px-4 py-2 text-small"
    >
      <span>
        <span className="font-semibold text-warn">{t('limit.title')}</span>{' '}
        {t('limit.text', { notes })}
      </span>
      <Button size="touch" onClick={onDrop}>
        {t('limit.action')}
      </Button>
    </div>
  )
}
