import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Camera, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useNode } from '../app/use-till.ts'
import { useText } from '../words/use-text.ts'
import { dropPhoto, findPhoto, keepPhoto } from './photo-queue.ts'

/** Takes a photo with the device's camera, or a file: seen small, taken again or removed until its act is recorded. */
export function PhotoField({
  photoId,
  onPhoto,
}: {
  readonly photoId: string | undefined
  readonly onPhoto: (id: string | undefined) => void
}) {
  const t = useText()
  const node = useNode()
  const input = useRef<HTMLInputElement>(null)
  const [stage, setStage] = useState<'idle' | 'adding' | 'unreadable' | 'full'>('idle')
  const [seen, setSeen] = useState<string>()
  useEffect(() => {
    if (photoId === undefined) return setSeen(undefined)
    let url: string | undefined
    void findPhoto(node, photoId).then((photo) => {
      if (photo === undefined) return
      url = URL.createObjectURL(new Blob([photo.bytes], { type: photo.mime }))
      setSeen(url)
    })
    return () => {
      if (url !== undefined) URL.revokeObjectURL(url)
    }
  }, [node, photoId])
  const take = async (file: File | undefined) => {
    if (file === undefined) return
    setStage('adding')
    const kept = await keepPhoto(node, file)
    setStage(kept.is === 'kept' ? 'idle' : kept.is)
    if (kept.is !== 'kept') return
    if (photoId !== undefined) void dropPhoto(node, photoId)
    onPhoto(kept.id)
  }
  const remove = () => {
    if (photoId !== undefined) void dropPhoto(node, photoId)
    onPhoto(undefined)
  }
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-center gap-3">
        {seen !== undefined && (
          <img
            src={seen}
            alt={t('expense.photoDone')}
            className="size-20 rounded-md border border-line object-cover"
          />
        )}
        <Button
          size="touch"
          icon={<Camera aria-hidden="true" size={20} />}
          disabled={stage === 'adding'}
          onClick={() => input.current?.click()}
        >
          {stage === 'adding'
            ? t('pay.saving')
            : t(photoId === undefined ? 'photo.take' : 'expense.photoAgain')}
        </Button>
        {photoId !== undefined && (
          <Button
            size="touch"
            aria-label={t('photo.remove')}
            title={t('photo.remove')}
            className="w-14 px-0!"
            onClick={remove}
          >
            <X aria-hidden="true" size={20} />
          </Button>
        )}
      </div>
      <input
        ref={input}
        type="file"
        accept="image/*"
        capture="environment"
        aria-label={t('photo.take')}
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          void take(event.target.files?.[0])
          // The same file again is a choice too.
          event.target.value = ''
        }}
      />
      {photoId !== undefined && <p className="m-0 text-small text-ink-soft">{t('photo.kept')}</p>}
      <p role="alert" className="m-0 text-small text-danger empty:hidden">
        {stage === 'unreadable' && t('expense.photoFailed')}
        {stage === 'full' && t('photo.full')}
      </p>
    </div>
  )
}
