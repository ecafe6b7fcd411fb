import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { useText } from '../words/use-text.ts'
import { reasonLengthMax } from './refund-state.ts'

/** Why something comes back: typed, or one of the usual reasons by a touch. */
export function ReasonField({
  reason,
  usual,
  saving,
  onChange,
}: {
  readonly reason: string
  /** In the words of the person's language. */
  readonly usual: readonly string[]
  readonly saving: boolean
  readonly onChange: (reason: string) => void
}) {
  const t = useText()
  return (
    <>
      <Field
        size="touch"
        label={t('refund.reason')}
        value={reason}
        maxLength={reasonLengthMax}
        disabled={saving}
        onChange={(event) => onChange(event.target.value)}
      />
      <div className="flex flex-wrap gap-2">
        {usual.map((text) => (
          <Button key={text} size="touch" disabled={saving} onClick={() => onChange(text)}>
            {text}
          </Button>
        ))}
      </div>
    </>
  )
}
