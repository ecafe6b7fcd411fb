import type { LiveRecycler, RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { useClients, useMay } from '../api/clients.tsx'
import { ActDialog } from '../cash/act-dialog.tsx'
import { useText } from '../messages/use-text.ts'
import { useIsShop } from '../shell/use-is-shop.ts'
import { CollectDialog } from './collect-dialog.tsx'
import { CountDialog } from './count-dialog.tsx'
import { describeMachineRefusal } from './describe-machine.ts'
import { EmptyDialog } from './empty-dialog.tsx'
import { ExchangeDialog, ReplenishDialog } from './fill-dialogs.tsx'
import { canDo, type MachineAct } from './machine-can.ts'
import { MachineForm } from './machine-form.tsx'
import { KeptSecret, SecretDialog } from './secret-dialog.tsx'

/**
 * Whether an act is offered: only in the machine's own shop, to who may, and where the machine says that it can. What
 * needs the machine is not offered while nobody hears it.
 */
export function useOffered(
  machine: RecyclerView,
  live: LiveRecycler | undefined,
): (act: MachineAct) => boolean {
  const may = useMay()
  const isShop = useIsShop()
  return (act) => isShop && may('recycler.manage') && canDo(act, { machine, live })
}

type Props = {
  readonly machine: RecyclerView
  readonly live: LiveRecycler | undefined
  readonly onClose: () => void
}

/** The question of an act, over the machine's page. `resolve` has none: it is answered on the attempt's own sheet. */
export function MachineActDialog({ act, ...props }: Props & { readonly act: MachineAct }) {
  const { machine, live, onClose } = props
  switch (act) {
    case 'replenish':
      return live === undefined ? null : <ReplenishDialog {...{ machine, live, onClose }} />
    case 'exchange':
      return live === undefined ? null : <ExchangeDialog {...{ machine, live, onClose }} />
    case 'collect':
      return live === undefined ? null : <CollectDialog {...{ machine, live, onClose }} />
    case 'count':
      return live === undefined ? null : <CountDialog {...{ machine, live, onClose }} />
    case 'empty':
      return <EmptyDialog machine={machine} onClose={onClose} />
    case 'settings':
      return <MachineForm machine={machine} shopId={machine.shopId} onClose={onClose} />
    case 'secret':
      return <SecretDialog machine={machine} onClose={onClose} />
    case 'resolve':
      return null
    default:
      return <PlainOrder act={act} {...props} />
  }
}

/** An order that asks for nothing more: what it means, and yes. */
function PlainOrder({
  act,
  machine,
  onClose,
}: Props & { readonly act: 'reset' | 'verify' | 'lock' | 'unlock' | 'forget' }) {
  const t = useText()
  const { api } = useClients()
  const { id } = machine
  const orders = {
    reset: () => api.orderMachine(id, 'reset'),
    verify: () => api.orderMachine(id, 'verify'),
    lock: () => api.lockMachine(id, true),
    unlock: () => api.lockMachine(id, false),
    forget: () => api.putMachineSecret(id, { forgetCertificate: true }),
  }
  return (
    <ActDialog
      title={t(`machine.${act}`)}
      confirm={t(`machine.${act}`)}
      done={t(`machine.${act}.done`)}
      look={act === 'forget' ? 'danger' : 'primary'}
      isComplete
      act={orders[act]}
      describe={describeMachineRefusal}
      onClose={onClose}
    >
      <p className="m-0">{t(`machine.${act}.means`)}</p>
      {act === 'forget' && <KeptSecret machine={machine} />}
    </ActDialog>
  )
}
