import type { CashMovementKind } from '@tillkeeper/core/till/move-cash.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { may } from '../app/node.ts'
import { useKeys } from '../app/use-keys.ts'
import { useNode } from '../app/use-till.ts'
import type { TillKey } from '../words/en.ts'
import { LanguageChoice } from '../words/language-choice.tsx'
import { useText } from '../words/use-text.ts'
import { PanelFrame } from './panel-frame.tsx'

export type MenuChoice =
  | 'refund'
  | 'history'
  | CashMovementKind
  | 'swap'
  | 'hand_over'
  | 'no_sale'
  | 'fund'
  | 'expense'
  | 'session'
  | 'cycle'
  | 'report'
  | 'unsent'
  | 'close'
  | 'lock'
  | 'keys'

const choices = [
  ['1', 'refund', 'sale.refund'],
  ['2', 'history', undefined],
  ['3', 'pay_in', 'cash.move'],
  ['4', 'pay_out', 'cash.move'],
  ['5', 'drop', 'cash.move'],
  ['6', 'top_up', 'cash.move'],
  ['s', 'swap', 'cash.move'],
  ['t', 'hand_over', 'cash.transfer'],
  ['f', 'fund', 'fund.manage'],
  ['F7', 'no_sale', 'till.open'],
  ['e', 'expense', 'expense.request'],
  ['d', 'session', undefined],
  ['c', 'cycle', 'till.close'],
  ['7', 'report', 'till.expected'],
  ['8', 'unsent', undefined],
  ['9', 'close', 'till.close'],
  ['0', 'lock', undefined],
  ['?', 'keys', undefined],
] as const

/** Everything that is not selling, by touch or by its digit. */
export function MenuPanel({
  onChoose,
  onBack,
}: {
  readonly onChoose: (choice: MenuChoice) => void
  readonly onBack: () => void
}) {
  const t = useText()
  const node = useNode()
  const isOpen = (permission: (typeof choices)[number][2]) =>
    permission === undefined || may(node, permission)
  useKeys((event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return false
    const chosen = choices.find(([key]) => key === event.key)
    if (chosen === undefined || !isOpen(chosen[2])) return false
    onChoose(chosen[1])
    return true
  })
  return (
    <PanelFrame title={t('menu.title')} onBack={onBack}>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] gap-2 p-4">
        {choices.map(([key, choice, permission]) => (
          <Button
            key={choice}
            size="pay"
            shortcut={key}
            className="justify-between! text-left text-small!"
            disabled={!isOpen(permission)}
            onClick={() => onChoose(choice)}
          >
            {t(`menu.${choice}` satisfies TillKey)}
          </Button>
        ))}
      </div>
      <div className="px-4 pb-4">
        <LanguageChoice />
      </div>
    </PanelFrame>
  )
}
