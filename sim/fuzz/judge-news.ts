import type {
  Attempt,
  Capabilities,
  Condition,
  DriverEvent,
  Reply,
} from '@tillkeeper/devices/cash-recycler/contract.ts'
import type { RecyclerEffect } from '@tillkeeper/devices/cash-recycler/recycler-state.ts'
import { CashAmount, CurrencyCode, Pieces } from '@tillkeeper/facts/catalogue/parts.ts'
import { RecyclerStock, RecyclerToldBody } from '@tillkeeper/facts/catalogue/recycler.ts'
import Type, { type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

// What a driver makes of a machine's bytes goes into facts: so it has to be what facts are made of, whatever came.

/** The longest text that is told of something strange; it goes into a log. */
const aboutCharsMax = 1_000
const amountMax = 1_000_000_000_000

const shape = (schema: TSchema) => {
  const compiled = Compile(schema)
  return (value: unknown) => compiled.Check(value)
}
const isPieces = shape(Pieces)
const isStock = shape(RecyclerStock)
const isCondition = shape(Type.Required(Type.Pick(RecyclerToldBody, ['condition'])))
const isCurrencies = shape(Type.Array(CurrencyCode, { maxItems: 12 }))
const isCash = shape(CashAmount)

const isAmount = (minor: number) => Number.isSafeInteger(minor) && minor >= 0 && minor <= amountMax
const isCode = (code: string) => code.length <= 100
const isReply = (reply: Reply) => isPieces(reply.in) && isPieces(reply.out) && isCode(reply.code)
const isTold = (condition: Condition) => isCondition({ condition })
const isAble = ({ currencies }: Capabilities) => isCurrencies(currencies)

/** Why an event is not one that a driver may tell; `undefined` where it is. */
export function judgeEvent(event: DriverEvent): string | undefined {
  return isEvent(event) ? undefined : `${event.type}: ${JSON.stringify(event).slice(0, 300)}`
}

function isEvent(event: DriverEvent): boolean {
  switch (event.type) {
    case 'linked':
      return isAble(event.capabilities)
    case 'condition':
      return isTold(event.condition)
    case 'stock':
      return isStock(event.stock)
    case 'inserted':
    case 'giving':
      return isAmount(event.minor)
    case 'not_started':
      return isCode(event.refusal.makerCode)
    case 'replied':
      return isReply(event.reply)
    case 'finding':
      if (event.finding.found === 'reply') return isReply(event.finding.reply)
      return event.finding.found === 'nothing' || isAmount(event.finding.insertedMinor)
    case 'strange':
      return event.about.length <= aboutCharsMax
    default:
      return true
  }
}

const worth = (pieces: Reply['in']) =>
  pieces.reduce((all, { faceMinor, pieces: count }) => all + faceMinor * count, 0)

/** Why an attempt cannot be journalled as it began. */
export function judgeIntent({ before, seqNo }: Attempt): string | undefined {
  return isStock(before) ? undefined : `intent ${seqNo}: ${JSON.stringify(before).slice(0, 300)}`
}

/** Why an end cannot be journalled. */
export function judgeEnd({
  attempt: { currency },
  settled,
  after,
  differences,
}: Extract<RecyclerEffect, { type: 'ended' }>): string | undefined {
  const cash = [settled.in, settled.out].every((pieces) =>
    isCash({ currency, minor: worth(pieces), pieces }),
  )
  const fits =
    cash &&
    isCode(settled.code ?? '') &&
    (after === undefined || isStock(after)) &&
    differences.length <= 200 &&
    differences.every(
      ({ expected, reported }) => Math.abs(expected) <= 1_000_000 && reported <= 1_000_000,
    )
  return fits ? undefined : `end: ${JSON.stringify({ settled, differences }).slice(0, 400)}`
}
