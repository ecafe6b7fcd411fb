import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Camera, Check } from 'lucide-react'
import { useRef, useState } from 'react'
import { useNode } from '../app/use-till.ts'
import { useText } from '../words/use-text.ts'
import { addPhoto } from './add-photo.ts'

/** Takes a photo with the device's camera, or a file, and gives it to the store server. */
export function PhotoField({
  photoId,
  onPhoto,
}: {
  readonly photoId: string | undefined
  readonly onPhoto: (id: string) => void
}) {
  const t = useText()
  const node = useNode()
  const input = useRef<HTMLInputElement>(null)
  const [stage, setStage] = useState<'idle' | 'adding' | 'unreadable' | 'away'>('idle')
  const take = async (file: File | undefined) => {
    if (file === undefined) return
    setStage('adding')
    const added = await addPhoto(node, file)
    setStage(added.is === 'added' ? 'idle' : added.is)
    if (added.is === 'added') onPhoto(added.id)
  }
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-center gap-3">
        <Button
          size="touch"
          icon={<Camera aria-hidden="true" size={20} />}
          disabled={stage === 'adding'}
          onClick={() => input.current?.click()}
        >
          {stage === 'adding'
            ? t('pay.saving')
            : t(photoId === undefined ? 'expense.photo' : 'expense.photoAgain')}
        </Button>
        {photoId !== undefined && (
          <span className="inline-flex items-center gap-1.5 text-small text-good">
            <Check aria-hidden="true" size={18} />
            {t('expense.photoDone')}
          </span>
        )}
      </div>
      <input
        ref={input}
        type="file"
        accept="image/*"
        capture="environment"
        aria-label={t('expense.photo')}
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => void take(event.target.files?.[0])}
      />
      <p role="alert" className="m-0 text-small text-danger empty:hidden">
        {stage === 'unreadable' && t('expense.photoFailed')}
        {stage === 'away' && t('expense.photoAway')}
      </p>
    </div>
  )
}
