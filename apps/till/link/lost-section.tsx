import { Button } from '@tillkeeper/ui/button/button.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { getShop, type TillNode } from '../app/node.ts'
import { useNode, useTill } from '../app/use-till.ts'
import type { LostFacts } from '../journal/kept.ts'
import { useText } from '../words/use-text.ts'

const countOf = ({ after, upTo }: LostFacts) => upTo - after

/** What was recorded here and is nowhere: said before anybody works, until somebody has noted it. */
export function LostAlert() {
  const t = useText()
  const node = useNode()
  const lost = useTill((state) => state.lost)
  const open = lost.filter(({ notedAt }) => notedAt === undefined)
  if (open.length === 0) return null
  const count = open.reduce((all, each) => all + countOf(each), 0)
  return (
    <div role="alert" data-lost={count} className="mt-6 border-l-4 border-danger pl-4">
      <p className="m-0 text-body font-semibold">{t('lock.lost', { count })}</p>
      <p className="mt-1 mb-3 text-small">{t('lock.lostText')}</p>
      <Button size="touch" onClick={() => void noteAll(node)}>
        {t('lock.lostNoted')}
      </Button>
    </div>
  )
}

/** All that was ever lost here, noted or not. */
export function LostSection() {
  const t = useText()
  const lost = useTill((state) => state.lost)
  const { timeZone } = getShop(useNode())
  if (lost.length === 0) return null
  return (
    <section className="border-l-4 border-danger pl-4">
      <h3 className="m-0 text-body font-semibold text-danger">{t('unsent.lost')}</h3>
      <ul className="m-0 list-none p-0">
        {lost.map((each) => (
          <li key={`${each.stream} ${each.upTo}`} className="py-2 text-small">
            <p className="m-0">
              {t('unsent.lostRange', {
                count: countOf(each),
                from: each.after + 1,
                to: each.upTo,
              })}
            </p>
            <p className="m-0 text-ink-soft wrap-anywhere">
              <DateText instant={each.foundAt} timeZone={timeZone} form="date-time" />
              {' · '}
              {each.stream}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

async function noteAll({ journal, state, nowMs }: TillNode): Promise<void> {
  const notedAt = new Date(nowMs()).toISOString()
  const lost = state.getState().lost.map((each) => ({ notedAt, ...each }))
  await journal.keep({ lost })
  state.setState({ lost })
}
