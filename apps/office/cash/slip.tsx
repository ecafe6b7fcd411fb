import { minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Sheet } from '@tillkeeper/ui/dialog/dialog.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatFace, formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { Printer } from 'lucide-react'
import type { ReactNode } from 'react'
import { useText } from '../messages/use-text.ts'
import type { ShownCash } from './cash-text.tsx'

/** A slip to print: black on white in any theme, with the pieces and room for signatures. */
export function Slip({
  title,
  heading,
  rows,
  cash,
  signatures,
  onClose,
  actions,
}: {
  readonly title: string
  /** What stands large: a bag's number. */
  readonly heading: string
  readonly rows: readonly (readonly [name: string, value: ReactNode])[]
  readonly cash: ShownCash
  readonly signatures: readonly string[]
  readonly onClose: () => void
  readonly actions?: ReactNode
}) {
  const t = useText()
  return (
    <Sheet
      open
      onClose={onClose}
      title={title}
      actions={
        <>
          {actions}
          <Button onClick={() => window.print()} icon={<Printer aria-hidden="true" size={16} />}>
            {t('print')}
          </Button>
        </>
      }
    >
      <div
        data-print="paper"
        className="mx-auto w-full max-w-[24rem] border border-line bg-white px-5 py-6 text-small leading-[1.5] text-black"
      >
        <p className="m-0">{title}</p>
        <p className="m-0 mb-3 text-title font-semibold break-words">{heading}</p>
        <dl className="m-0 mb-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5">
          {rows.map(([name, value]) => (
            <div key={name} className="contents">
              <dt>{name}</dt>
              <dd className="m-0 text-right break-words">{value}</dd>
            </div>
          ))}
        </dl>
        {cash.map((amount) => (
          <SlipCash key={amount.currency} amount={amount} />
        ))}
        {signatures.map((name) => (
          <p key={name} className="m-0 mt-8 border-t border-black pt-0.5">
            {t('bag.signature')}: {name}
          </p>
        ))}
      </div>
    </Sheet>
  )
}

function SlipCash({ amount }: { readonly amount: ShownCash[number] }) {
  const [language] = useLanguage()
  const { currency } = amount
  const symbol = { currency, language }
  return (
    <table className="mb-2 w-full border-collapse">
      <tbody>
        {(amount.pieces ?? []).map(({ faceMinor, pieces }) => (
          <tr key={faceMinor}>
            <td className="w-14 text-right">{formatFace(minor(faceMinor), symbol)}</td>
            <td className="px-2">× {pieces}</td>
            <td className="text-right">{formatMoney(minor(faceMinor * pieces), symbol)}</td>
          </tr>
        ))}
        <tr className="border-t border-black font-semibold">
          <td colSpan={2}>{currency}</td>
          <td className="text-right">{formatMoney(minor(amount.minor), symbol)}</td>
        </tr>
      </tbody>
    </table>
  )
}
