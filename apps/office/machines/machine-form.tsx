import type { RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { Field, SelectField } from '@tillkeeper/ui/form/field.tsx'
import { type ReactNode, useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { ActDialog } from '../cash/act-dialog.tsx'
import { useText } from '../messages/use-text.ts'
import { useShops, useTills } from '../shell/use-scope.ts'
import { describeMachineRefusal } from './describe-machine.ts'
import { blankSecret, SecretFields, secretOf } from './secret-dialog.tsx'

/** The longest that the server takes of each. */
const charsMax = { name: 60, address: 200 }

/** Currencies whose notes and coins we know: a machine of another one could not be shown. */
const known = ['THB', 'USD', 'EUR', 'GBP', 'JPY', 'CNY', 'IDR', 'AUD', 'RUB'] as Currency[]

type Register = Pick<RecyclerView, 'name' | 'address' | 'currencies' | 'tills' | 'active'> & {
  readonly driver: 'glory' | 'rest'
}

/** A machine as the shop wants it: a new one, or what is known of one. */
export function MachineForm({
  machine,
  shopId,
  onClose,
}: {
  readonly machine: RecyclerView | undefined
  readonly shopId: string
  readonly onClose: () => void
}) {
  const t = useText()
  const { api } = useClients()
  const own = useShops().find(({ id }) => id === shopId)?.currency ?? ('THB' as Currency)
  const [typed, setTyped] = useState<Register>({
    ...{ name: machine?.name ?? '', address: machine?.address ?? '' },
    driver: machine?.driver === 'rest' ? 'rest' : 'glory',
    ...{ currencies: machine?.currencies ?? [own], tills: machine?.tills ?? [] },
    active: machine?.active ?? true,
  })
  const [secret, setSecret] = useState(blankSecret)
  const [name, address] = [typed.name.trim(), typed.address.trim()]
  const put = async (id: string) => {
    const machineId = machine?.id ?? id
    await api.putMachine(machineId, {
      ...{ ...typed, shopId, name, address },
      ...{ currencies: [...typed.currencies], tills: [...typed.tills] },
    })
    const kept = secretOf(secret)
    if (Object.keys(kept).length > 0) await api.putMachineSecret(machineId, kept)
  }
  return (
    <ActDialog
      size="large"
      title={t(machine === undefined ? 'machine.register' : 'machine.settings')}
      confirm={t('machine.keep')}
      done={t('machine.kept')}
      isComplete={name !== '' && address !== '' && typed.currencies.length > 0}
      act={put}
      describe={describeMachineRefusal}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={t('machine.name')}
          hint={t('machine.name.hint')}
          maxLength={charsMax.name}
          value={typed.name}
          onChange={({ target }) => setTyped({ ...typed, name: target.value })}
        />
        <SelectField
          label={t('machine.driver')}
          value={typed.driver}
          onChange={({ target }) =>
            setTyped({ ...typed, driver: target.value === 'rest' ? 'rest' : 'glory' })
          }
          choices={(['glory', 'rest'] as const).map((value) => ({
            value,
            label: t(`machine.driver.${value}`),
          }))}
        />
        <div className="sm:col-span-2">
          <Field
            label={t('machine.address')}
            hint={t('machine.address.hint')}
            maxLength={charsMax.address}
            value={typed.address}
            onChange={({ target }) => setTyped({ ...typed, address: target.value })}
          />
        </div>
        {machine === undefined && <SecretFields typed={secret} onTyped={setSecret} />}
      </div>
      <Choices
        name={t('machine.currencies')}
        choices={[...new Set([own, ...known])].map((value) => ({ value, label: value }))}
        chosen={typed.currencies}
        onChosen={(currencies) => setTyped({ ...typed, currencies: currencies as Currency[] })}
      />
      <TillChoices
        shopId={shopId}
        tills={typed.tills}
        onTills={(tills) => setTyped({ ...typed, tills: [...tills] })}
      />
      <label className="flex items-start gap-3 text-body">
        <input
          type="checkbox"
          className="mt-1 size-5 accent-(--accent)"
          checked={typed.active}
          onChange={({ target }) => setTyped({ ...typed, active: target.checked })}
        />
        <span>
          {t('machine.active')}
          <span className="block text-small text-ink-soft">{t('machine.active.hint')}</span>
        </span>
      </label>
    </ActDialog>
  )
}

function TillChoices({
  shopId,
  tills: chosen,
  onTills,
}: {
  readonly shopId: string
  readonly tills: readonly string[]
  readonly onTills: (tills: readonly string[]) => void
}) {
  const t = useText()
  const tills = useTills()
    .filter((till) => till.shopId === shopId && till.active)
    .sort((a, b) => a.number - b.number)
  return (
    <Choices
      name={t('machine.tills')}
      choices={tills.map(({ id, number, name }) => ({ value: id, label: `${number} · ${name}` }))}
      chosen={chosen}
      onChosen={onTills}
    >
      <span className="basis-full text-small text-ink-soft">{t('machine.tills.hint')}</span>
    </Choices>
  )
}

/** Several of a few, each a button that stays pressed. */
function Choices({
  name,
  choices,
  chosen,
  onChosen,
  children,
}: {
  readonly name: string
  readonly choices: readonly { readonly value: string; readonly label: string }[]
  readonly chosen: readonly string[]
  readonly onChosen: (chosen: readonly string[]) => void
  readonly children?: ReactNode
}) {
  return (
    <fieldset className="m-0 flex flex-wrap gap-2 border-0 p-0">
      <legend className="mb-1 p-0 text-small font-medium text-ink-soft">{name}</legend>
      {choices.map(({ value, label }) => {
        const isChosen = chosen.includes(value)
        return (
          <button
            key={value}
            type="button"
            aria-pressed={isChosen}
            onClick={() =>
              onChosen(isChosen ? chosen.filter((each) => each !== value) : [...chosen, value])
            }
            className={
              isChosen
                ? 'min-h-9 rounded-md border border-accent bg-accent-soft px-3 text-small font-semibold text-ink'
                : 'min-h-9 rounded-md border border-line-strong/60 bg-surface px-3 text-small text-ink-soft hover:bg-hover'
            }
          >
            {label}
          </button>
        )
      })}
      {children}
    </fieldset>
  )
}
