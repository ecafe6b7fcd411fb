import type { Currency } from '@tillkeeper/core/money/money.ts'
import {
  guessMapping,
  parseStatement,
  readCells,
  type StatementMapping,
} from '@tillkeeper/core/safe/parse-statement.ts'
import { Field, SelectField } from '@tillkeeper/ui/form/field.tsx'
import { useMemo, useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { ActDialog } from '../cash/act-dialog.tsx'
import { useText } from '../messages/use-text.ts'
import { useShops } from '../shell/use-scope.ts'
import { decodeFile, type Encoding, encodings } from './decode-file.ts'
import { ImportPreview } from './import-preview.tsx'

/** A year of a busy account; more is another file. */
const fileBytesMax = 8_388_608
const rejectedShown = 5
/** As many lines go in one request: see `AskStatement`. */
const linesAtOnce = 500
const blank: StatementMapping = { headRows: 1, date: 0, dateOrder: 'dmy', decimalSign: '.' }
const columns = ['date', 'credit', 'debit', 'amount', 'reference', 'description'] as const

/** Reads a bank's statement in: says what its columns are, shows what that gives, and keeps it once. */
export function ImportDialog({
  shopId,
  onClose,
}: {
  readonly shopId: string
  readonly onClose: () => void
}) {
  const t = useText()
  const { api } = useClients()
  const shop = useShops().find(({ id }) => id === shopId)
  const currency = shop?.currency ?? ('THB' as Currency)
  const [file, setFile] = useState<{ readonly name: string; readonly bytes: Uint8Array }>()
  const [encoding, setEncoding] = useState<Encoding>('utf-8')
  const [account, setAccount] = useState('')
  const [chosen, setChosen] = useState<StatementMapping>()
  const rows = useMemo(
    () => (file === undefined ? [] : readCells(decodeFile(file.bytes, encoding))),
    [file, encoding],
  )
  const mapping = chosen ?? guessMapping(rows, currency) ?? blank
  const { lines, rejected } = parseStatement(rows, mapping, currency)
  const names = rows[Math.max(0, mapping.headRows - 1)] ?? []
  const pick = async (picked: File | undefined) => {
    if (picked === undefined || picked.size > fileBytesMax) return
    const bytes = new Uint8Array(await picked.arrayBuffer())
    setChosen(undefined)
    setEncoding(encodings.find((each) => !decodeFile(bytes, each).includes('\uFFFD')) ?? 'utf-8')
    setFile({ name: picked.name, bytes })
  }
  return (
    <ActDialog
      size="large"
      title={t('match.import')}
      confirm={t('import.read')}
      done={t('bag.done')}
      isComplete={lines.length > 0}
      act={async () => {
        const said = { account: account.trim(), currency, fileName: file?.name.slice(-100) ?? '' }
        for (let from = 0; from < lines.length; from += linesAtOnce) {
          const part = lines.slice(from, from + linesAtOnce).map(({ row: _, ...line }) => line)
          await api.importStatement({ ...said, lines: part })
        }
      }}
      onClose={onClose}
    >
      <Field
        type="file"
        accept=".csv,.txt,text/csv"
        label={t('import.file')}
        className="py-1.5"
        error={file !== undefined && lines.length === 0 ? t('import.unreadable') : undefined}
        onChange={(event) => void pick(event.target.files?.[0])}
      />
      {file !== undefined && (
        <>
          <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
            <Field
              label={t('import.account')}
              value={account}
              maxLength={40}
              onChange={(event) => setAccount(event.target.value)}
            />
            <SelectField
              label={t('import.encoding')}
              value={encoding}
              onChange={(event) =>
                setEncoding(encodings.find((each) => each === event.target.value) ?? 'utf-8')
              }
              choices={encodings.map((value) => ({ value, label: value }))}
            />
            <MappingFields mapping={mapping} names={names} onChange={setChosen} />
          </div>
          <p className="m-0 text-small">
            {t('import.found', { lines: lines.length, rejected: rejected.length })}
          </p>
          <ImportPreview lines={lines} currency={currency} />
          {rejected.slice(0, rejectedShown).map(({ row, why }) => (
            <p key={row} className="m-0 text-small text-warn">
              {t('import.rejected', { row, what: why })}
            </p>
          ))}
        </>
      )}
    </ActDialog>
  )
}

/** What the columns of the file are. */
function MappingFields({
  mapping,
  names,
  onChange,
}: {
  readonly mapping: StatementMapping
  readonly names: readonly string[]
  readonly onChange: (mapping: StatementMapping) => void
}) {
  const t = useText()
  const set = (more: Partial<StatementMapping>) => onChange({ ...mapping, ...more })
  return (
    <>
      <Field
        label={t('import.head')}
        value={String(mapping.headRows)}
        inputMode="numeric"
        onChange={(event) => set({ headRows: Number(event.target.value) || 0 })}
      />
      {columns.map((column) => (
        <SelectField
          key={column}
          label={t(`import.column.${column}`)}
          value={mapping[column] === undefined ? '' : String(mapping[column])}
          onChange={(event) => {
            const at = event.target.value === '' ? undefined : Number(event.target.value)
            set({ [column]: at })
          }}
          choices={[
            ...(column === 'date' ? [] : [{ value: '', label: t('import.none') }]),
            ...names.map((name, index) => ({
              value: String(index),
              label: `${index + 1} ${name}`,
            })),
          ]}
        />
      ))}
      <SelectField
        label={t('import.order')}
        value={mapping.dateOrder}
        onChange={(event) =>
          set({ dateOrder: event.target.value as StatementMapping['dateOrder'] })
        }
        choices={['dmy', 'mdy', 'ymd'].map((value) => ({ value, label: value }))}
      />
      <SelectField
        label={t('import.decimal')}
        value={mapping.decimalSign}
        onChange={(event) => set({ decimalSign: event.target.value === ',' ? ',' : '.' })}
        choices={['.', ','].map((value) => ({ value, label: `1${value}50` }))}
      />
    </>
  )
}
