import { minor } from '../money/money.ts'
import {
  type CashStory,
  type Cause,
  type CauseKind,
  type CausePlace,
  causeKinds,
  causesMax,
  evidenceMax,
} from './cash-story.ts'
import {
  weighDropNotMade,
  weighMissingDrop,
  weighMissingPayOut,
  weighPayOutTwice,
  weighWrongFloat,
  weighWrongPile,
} from './weigh-drawer.ts'
import {
  weighMissingRefund,
  weighTimesTen,
  weighUnpaid,
  weighWrongChange,
  weighWrongNote,
  weighWrongTender,
} from './weigh-sales.ts'
import type { Weighed } from './weighed.ts'

type Rule = {
  /** How often it happens beside the others, whatever the amount. */
  readonly usually: number
  readonly place: CausePlace
  readonly weigh: (story: CashStory) => Weighed
}

const rules: Readonly<Record<CauseKind, Rule>> = {
  wrong_tender: { usually: 12, place: 'bank', weigh: weighWrongTender },
  missing_drop: { usually: 10, place: 'safe', weigh: weighMissingDrop },
  drop_not_made: { usually: 6, place: 'safe', weigh: weighDropNotMade },
  wrong_pile: { usually: 10, place: 'safe', weigh: weighWrongPile },
  change_times_ten: { usually: 8, place: 'customer', weigh: weighTimesTen },
  wrong_change: { usually: 12, place: 'customer', weigh: weighWrongChange },
  missing_pay_out: { usually: 10, place: 'supplier', weigh: weighMissingPayOut },
  pay_out_twice: { usually: 4, place: 'supplier', weigh: weighPayOutTwice },
  sale_unpaid: { usually: 10, place: 'customer', weigh: weighUnpaid },
  wrong_float: { usually: 6, place: 'safe', weigh: weighWrongFloat },
  wrong_note: { usually: 8, place: 'customer', weigh: weighWrongNote },
  missing_refund: { usually: 8, place: 'customer', weigh: weighMissingRefund },
}

/** What is none of these: it keeps a lone and weak fit from looking certain. */
const somethingElse = 0.05

/**
 * The short explanations of a variance, the likeliest first, at most `causesMax`; none where there is no
 * variance. Each explains all of it. They are ranked by Bayes' rule: how often a mistake happens, times how
 * likely it would make exactly this amount out of this session.
 */
export function rankCauses(story: CashStory): readonly Cause[] {
  if (story.varianceMinor === 0) return []
  const weighed = causeKinds.flatMap((kind) => {
    const found = rules[kind].weigh(story)
    return found.likelihood > 0
      ? [{ kind, found, weight: rules[kind].usually * found.likelihood }]
      : []
  })
  const all = weighed.reduce((sum, { weight }) => sum + weight, somethingElse)
  return weighed
    .sort((a, b) => b.weight - a.weight)
    .slice(0, causesMax)
    .map(({ kind, found, weight }) => toCause(story, kind, found, weight / all))
}

function toCause(story: CashStory, kind: CauseKind, found: Weighed, share: number): Cause {
  const fits = [...found.fits].sort((a, b) => b.weight - a.weight)
  return {
    kind,
    explainsMinor: story.varianceMinor,
    score: Math.round(share * 1_000),
    evidence: fits.slice(0, evidenceMax).map(({ weight: _, ...evidence }) => evidence),
    fits: fits.length,
    ...(found.faces !== undefined && { faces: found.faces }),
    booking: { place: rules[kind].place, amountMinor: minor(Math.abs(story.varianceMinor)) },
  }
}
