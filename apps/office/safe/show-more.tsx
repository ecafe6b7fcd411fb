import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useText } from '../messages/use-text.ts'

type Asked = {
  readonly hasNextPage: boolean
  readonly isFetching: boolean
  readonly fetchNextPage: () => unknown
}

/** Under a list of which there is more. */
export function ShowMore({ asked }: { readonly asked: Asked }) {
  const t = useText()
  if (!asked.hasNextPage) return null
  return (
    <p className="m-0 px-5 py-3">
      <Button disabled={asked.isFetching} onClick={() => void asked.fetchNextPage()}>
        {t('safe.more')}
      </Button>
    </p>
  )
}
