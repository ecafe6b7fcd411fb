import type { SyncStatus } from '@tillkeeper/client/api/shapes.ts'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { StatusDot } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { CountText } from '@tillkeeper/ui/quantity/quantity-text.tsx'
import { Link2 } from 'lucide-react'
import { useText } from '../messages/use-text.ts'
import { useShops, useTills } from '../shell/use-scope.ts'
import { nameStream } from './stream-name.ts'
import { describeStream } from './stream-state.ts'

/** Every stream that is held here, where it stands, and its chain. */
export function Streams({ streams }: { readonly streams: SyncStatus['streams'] }) {
  const t = useText()
  const shops = useShops()
  const tills = useTills()
  if (streams.length === 0) {
    return (
      <EmptyState icon={<Link2 aria-hidden="true" size={32} />} title={t('sync.streams.none')} />
    )
  }
  const head = 'px-3 py-2 font-medium'
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to take the focus.
    <section className="overflow-x-auto" tabIndex={0} aria-label={t('sync.streams')}>
      <table aria-label={t('sync.streams')} className="w-full border-collapse text-small">
        <thead>
          <tr className="text-right text-ink-soft">
            <th scope="col" className={`${head} pl-5 text-left`}>
              {t('sync.stream')}
            </th>
            <th scope="col" className={head}>
              {t('sync.head')}
            </th>
            <th scope="col" className={head}>
              {t('sync.applied')}
            </th>
            <th scope="col" className={head}>
              {t('sync.inCloud')}
            </th>
            <th scope="col" className={`${head} text-left`}>
              {t('sync.state')}
            </th>
            <th scope="col" className={`${head} hidden pr-5 text-left lg:table-cell`}>
              {t('sync.hash')}
            </th>
          </tr>
        </thead>
        <tbody>
          {streams.map((stream) => {
            const { tone, text } = describeStream(stream)
            const name = nameStream(stream.stream, { shops, tills })
            return (
              <tr key={stream.stream} className="border-t border-line text-right">
                <th scope="row" className="py-1.5 pr-3 pl-5 text-left font-normal">
                  {name !== undefined && <span className="block">{t(name.text, name)}</span>}
                  <code className="font-mono text-[0.8em] break-all text-ink-soft">
                    {stream.stream}
                  </code>
                </th>
                <td className="px-3 py-1.5 font-medium">
                  <CountText count={stream.headSeq} />
                </td>
                <td className="px-3 py-1.5">
                  <CountText count={stream.projectedSeq} />
                </td>
                <td className="px-3 py-1.5">
                  <CountText count={stream.cloudSeq} />
                </td>
                <td className="px-3 py-1.5 text-left">
                  <StatusDot tone={tone} text={t(text)} />
                </td>
                <td className="hidden py-1.5 pr-5 pl-3 text-left lg:table-cell">
                  <code className="font-mono text-[0.9em] text-ink-soft" title={stream.headHash}>
                    {stream.headHash.slice(0, 16)}
                  </code>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}
