import { CountMinor, Strict, Text, Uuid } from '@tillkeeper/facts/catalogue/parts.ts'
import { setChangesMax } from '@tillkeeper/facts/catalogue/registers.ts'
import Type from 'typebox'

// What a shop may write of the chain's settings: see facts/catalogue/authority.ts.

/** Chosen by the asker; asking twice does it once. May be left out if `Idempotency-Key` is sent. */
const OptionalId = Type.Optional(Uuid<string>())

const Barcodes = Type.Array(Text(64, 1), { maxItems: setChangesMax })

/** What a shop may say of a product. What is left out stays as it is. */
export const AskProductNote = Strict({
  id: OptionalId,
  note: Type.Optional(Text(200)),
  addBarcodes: Type.Optional(Barcodes),
  removeBarcodes: Type.Optional(Barcodes),
})

/** What this shop prints below its receipts. */
export const AskReceiptFooter = Strict({ id: OptionalId, receiptFooter: Text(200) })

/** How this shop keeps its cash, in its own currency. What is left out stays as it is. */
export const AskShopCash = Strict({
  id: OptionalId,
  drawerLimitMinor: Type.Optional(CountMinor),
  toleranceMinor: Type.Optional(CountMinor),
  investigateMinor: Type.Optional(CountMinor),
  blindClose: Type.Optional(Type.Boolean()),
  floatMinor: Type.Optional(CountMinor),
  expenseDayMinor: Type.Optional(CountMinor),
})

/** An edit that was recorded: it is here at once, and everywhere when the cloud has relayed it. */
export const Edited = Type.Object({ id: Uuid<string>() })
