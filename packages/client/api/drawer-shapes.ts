import { AttachmentBytes, AttachmentMime } from '@tillkeeper/facts/catalogue/attachment-added.ts'
import {
  AmountMinor,
  Approval,
  CountMinor,
  CurrencyCode,
  Day,
  Instant,
  Pieces,
  PositiveMinor,
  Strict,
  Text,
  Uuid,
} from '@tillkeeper/facts/catalogue/parts.ts'
import Type, { type Static } from 'typebox'

// Cash that moves between people, who lets it move, and drawers that are opened for nothing.

const OptionalId = Type.Optional(Uuid<string>())
const asked = { id: OptionalId, occurredAt: Type.Optional(Instant) }
const Note = Type.Optional(Text(200))

/** Another person's number and PIN for one act, named by the id that it will have. */
export const AskApproval = Strict({
  staffNumber: Text(12, 1),
  pin: Type.String({ pattern: '^[0-9]{4,12}$' }),
  permission: Text(60, 1),
  /** Of acts that are about an amount, exactly that. */
  amountMinor: Type.Optional(CountMinor),
  /** Left out: the shop's. */
  currency: Type.Optional(CurrencyCode),
  actId: Uuid<string>(),
})
export const ApprovalView = Type.Object(Approval.properties)

export type AskApproval = Static<typeof AskApproval>

/** Cash for another drawer of the shop. */
export const AskHandOver = Strict({
  ...asked,
  toTillId: Uuid<string>(),
  currency: Type.Optional(CurrencyCode),
  amountMinor: PositiveMinor,
  pieces: Type.Optional(Pieces),
  note: Note,
})

/** The second signature: at the till that it goes to, or at the one that it came from to take it back. */
export const AskHandOverAnswer = Strict({
  ...asked,
  /** In whose drawer it is counted. */
  sessionId: Uuid<string>(),
  answer: Type.Union([Type.Literal('accepted'), Type.Literal('declined')]),
  /** What was counted; needed to accept. */
  countedMinor: Type.Optional(CountMinor),
  pieces: Type.Optional(Pieces),
  note: Note,
})

export const HandOver = Type.Object({
  id: Uuid<string>(),
  shopId: Uuid<string>(),
  tillId: Uuid<string>(),
  tillNumber: Type.Integer(),
  sessionId: Uuid<string>(),
  staffId: Uuid<string>(),
  staffName: Type.String(),
  toTillId: Uuid<string>(),
  toTillNumber: Type.Integer(),
  currency: CurrencyCode,
  amountMinor: AmountMinor,
  pieces: Type.Union([Pieces, Type.Null()]),
  note: Type.String(),
  businessDate: Day,
  givenAt: Instant,
  /** `given`: on its way. `declined`: waits for its giver. `returned`: back in the drawer it came from. */
  state: Type.Union([
    Type.Literal('given'),
    Type.Literal('declined'),
    Type.Literal('received'),
    Type.Literal('returned'),
  ]),
  answer: Type.Union([
    Type.Object({
      staffId: Uuid<string>(),
      staffName: Type.String(),
      countedMinor: AmountMinor,
      varianceMinor: AmountMinor,
      note: Type.String(),
      answeredAt: Instant,
    }),
    Type.Null(),
  ]),
})

/** Who signs for a drop says what was found of it in the safe. */
export const AskDropConfirmation = Strict({
  ...asked,
  countedMinor: CountMinor,
  pieces: Type.Optional(Pieces),
  note: Note,
})

export const Drop = Type.Object({
  /** The movement's. */
  id: Uuid<string>(),
  shopId: Uuid<string>(),
  sessionId: Uuid<string>(),
  staffId: Uuid<string>(),
  staffName: Type.String(),
  currency: CurrencyCode,
  amountMinor: AmountMinor,
  pieces: Type.Union([Pieces, Type.Null()]),
  note: Type.String(),
  businessDate: Day,
  droppedAt: Instant,
  confirmation: Type.Union([
    Type.Object({
      staffId: Uuid<string>(),
      staffName: Type.String(),
      countedMinor: AmountMinor,
      varianceMinor: AmountMinor,
      note: Type.String(),
      confirmedAt: Instant,
    }),
    Type.Null(),
  ]),
})

/** Notes and coins for others of the same worth. */
export const AskSwap = Strict({
  ...asked,
  currency: Type.Optional(CurrencyCode),
  given: Pieces,
  taken: Pieces,
  with: Type.Union([Type.Literal('customer'), Type.Literal('safe')]),
})

/** A drawer opened with nothing sold. Needs `drawer.open`, or an approval by somebody who has it. */
export const AskDrawerOpening = Strict({
  ...asked,
  reason: Text(100, 1),
  approvalId: Type.Optional(Uuid<string>()),
})

/** Why a drawer was open: a sale, a refund, a movement, or none of them with a reason. */
export const DrawerOpening = Type.Object({
  id: Uuid<string>(),
  shopId: Uuid<string>(),
  tillId: Uuid<string>(),
  tillNumber: Type.Integer(),
  sessionId: Type.Union([Uuid<string>(), Type.Null()]),
  staffId: Uuid<string>(),
  staffName: Type.String(),
  reason: Type.String(),
  approverId: Type.Union([Uuid<string>(), Type.Null()]),
  approverName: Type.String(),
  businessDate: Day,
  openedAt: Instant,
})

/** What was done by another person's word. */
export const ApprovalUse = Type.Object({
  approvalId: Uuid<string>(),
  factId: Uuid<string>(),
  factType: Type.String(),
  shopId: Uuid<string>(),
  staffId: Uuid<string>(),
  staffName: Type.String(),
  approverId: Uuid<string>(),
  approverName: Type.String(),
  permission: Type.String(),
  amountMinor: Type.Union([AmountMinor, Type.Null()]),
  currency: Type.Union([CurrencyCode, Type.Null()]),
  method: Type.String(),
  usedAt: Instant,
})

/** A photo in base64: at most 150 kB of it. */
export const AskAttachment = Strict({
  id: OptionalId,
  mime: AttachmentMime,
  bytes: AttachmentBytes,
  /** Who took it, where it waited and another person sends it. Left out: who asks. */
  staffId: Type.Optional(Uuid<string>()),
})

export const Recorded = Type.Object({ id: Uuid<string>() })

export type HandOver = Static<typeof HandOver>
export type Drop = Static<typeof Drop>
export type DrawerOpening = Static<typeof DrawerOpening>
export type ApprovalUse = Static<typeof ApprovalUse>
export type ApprovalView = Static<typeof ApprovalView>
