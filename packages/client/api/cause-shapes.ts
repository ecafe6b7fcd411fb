import {
  type CauseKind,
  causeKinds,
  type EvidenceWhy,
  evidenceWhys,
} from '@tillkeeper/core/explain/cash-story.ts'
import { AmountMinor, CurrencyCode, Instant, Uuid } from '@tillkeeper/facts/catalogue/parts.ts'
import Type, { type Static } from 'typebox'

const Why = Type.Unsafe<EvidenceWhy>(Type.Union(evidenceWhys.map((why) => Type.Literal(why))))
const Kind = Type.Unsafe<CauseKind>(Type.Union(causeKinds.map((kind) => Type.Literal(kind))))

/** What may have made a variance: see the core's cash-story.ts. */
export const Cause = Type.Object({
  currency: CurrencyCode,
  kind: Kind,
  explainsMinor: AmountMinor,
  /** How likely it is among all that was thought of, in thousandths. */
  score: Type.Integer({ minimum: 0, maximum: 1_000 }),
  /** The best first, at most ten. */
  evidence: Type.Array(
    Type.Object({
      why: Why,
      act: Type.Optional(
        Type.Object({
          type: Type.Union([Type.Literal('sale'), Type.Literal('movement')]),
          id: Uuid<string>(),
          receiptNumber: Type.Optional(Type.String()),
        }),
      ),
      at: Type.Optional(Instant),
      recordedMinor: Type.Optional(AmountMinor),
      insteadMinor: Type.Optional(AmountMinor),
    }),
  ),
  /** How many acts fit, also those that are not listed. */
  fits: Type.Integer({ minimum: 0 }),
  faces: Type.Optional(
    Type.Object({
      isMinor: AmountMinor,
      takenForMinor: AmountMinor,
      pieces: Type.Integer({ minimum: 1 }),
    }),
  ),
  /** What accepting it books against over and short. */
  booking: Type.Object({
    place: Type.Union([
      Type.Literal('safe'),
      Type.Literal('customer'),
      Type.Literal('supplier'),
      Type.Literal('bank'),
    ]),
    amountMinor: AmountMinor,
  }),
})

export type Cause = Static<typeof Cause>
