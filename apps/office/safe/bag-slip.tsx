import type { BagView } from '@tillkeeper/client/api/safe-shapes.ts'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { Slip } from '../cash/slip.tsx'
import { useText } from '../messages/use-text.ts'
import { useShopName, useTimeZone } from '../shell/use-scope.ts'

/** What goes with a bag: its number, what is in it, who sealed and saw it. */
export function BagSlip({ bag, onClose }: { readonly bag: BagView; readonly onClose: () => void }) {
  const t = useText()
  const shopName = useShopName()
  const zone = useTimeZone()(bag.shopId)
  const verified = bag.steps.find(({ step }) => step === 'verified')
  const collected = bag.steps.find(({ step }) => step === 'collected')
  return (
    <Slip
      title={t('bag.slip')}
      heading={bag.number}
      rows={[
        [shopName(bag.shopId), <DateText key="at" instant={bag.sealedAt} timeZone={zone} />],
        [t('bag.sealed'), bag.sealedByName],
        [t('bag.verified'), verified?.staffName ?? t('bag.notVerified')],
        ...(collected === undefined
          ? []
          : ([[t('bag.collected'), collected.carrier ?? '']] as const)),
      ]}
      cash={bag.cash}
      signatures={[t('bag.sealed'), t('bag.verified'), t('bag.carrier')]}
      onClose={onClose}
    />
  )
}
