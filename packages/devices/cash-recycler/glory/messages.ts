import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import { orderPieces } from '@tillkeeper/core/money/denominations.ts'
import { amountMax, type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { canBeHeld, isCurrencyCode, machinePiecesMax } from '../bounds.ts'
import type { Level, Stock, StockLine, Unit } from '../contract.ts'
import { isCashBox, levelOf } from './codes.ts'
import {
  childOf,
  childrenOf,
  type Element,
  readXml,
  textOf,
  wholeOf,
  type XmlRefusal,
} from './xml.ts'

/** One answer or event, out of whatever it was wrapped in. */
export type Message = {
  /** The element's own name in lower case: `changeresponse`, `statuschangeevent`, `eventerror`. */
  readonly name: string
  /** Of answers: the attribute `result`. */
  readonly result?: number | undefined
  /** What our request bore, echoed; in events of the machine what it has of it. */
  readonly id?: string | undefined
  readonly seqNo?: string | undefined
  /** In copies and over the socket, never in a SOAP answer. */
  readonly transactionId?: string | undefined
  /** 1 notes, 2 coins, where a device speaks. */
  readonly devId?: number | undefined
  readonly body: Element
}

/** Reads what came: a SOAP envelope, an event request, or either several times in one text. */
export function readMessages(text: string): Outcome<readonly Message[], XmlRefusal> {
  const read = readXml(text)
  return read.ok ? accepted(read.value.flatMap((root) => unwrap(root))) : read
}

const wrappers: ReadonlySet<string> = new Set(['envelope', 'body', 'bbxeventrequest'])

function unwrap(element: Element, devId?: number, transactionId?: string): Message[] {
  if (element.name === 'header') return []
  if (wrappers.has(element.name)) return element.children.flatMap((child) => unwrap(child))
  if (element.name === 'glycashierevent') {
    const by = wholeOf(element.attributes.get('devid'))
    const id = textOf(element, 'transactionid')
    const events = element.children.filter(({ name }) => name !== 'transactionid')
    return events.flatMap((child) => unwrap(child, by, id))
  }
  return [
    {
      name: element.name,
      result: wholeOf(element.attributes.get('result')),
      id: textOf(element, 'id'),
      seqNo: textOf(element, 'seqno'),
      transactionId: textOf(element, 'transactionid') ?? transactionId,
      devId: wholeOf(element.attributes.get('devid')) ?? devId,
      body: element,
    },
  ]
}

/** Blocks of cash of one message are views of different things: they are never added up. */
export const cashIn = 1
export const cashOut = 2
export const cashHeld = 3
export const cashPayable = 4

/**
 * The pieces of one block of one currency. Some firmware leaves the type out where there is one block: then that
 * one is meant, if `fallback`.
 */
export function piecesOf(
  body: Element,
  type: number,
  currency: Currency,
  fallback = false,
): Pieces | undefined {
  const blocks = childrenOf(body, 'cash')
  const typed = blocks.find((block) => wholeOf(block.attributes.get('type')) === type)
  const block = typed ?? (fallback ? blocks.find((one) => !one.attributes.has('type')) : undefined)
  return block === undefined ? undefined : countsOf(block, currency)
}

/** Pieces by face; a face that stands twice, in two devices or series, is added. */
export function countsOf(block: Element, currency: Currency): Pieces {
  const faces = new Map<Minor, number>()
  for (const line of linesOf(block)) {
    if (line.currency !== currency) continue
    faces.set(line.faceMinor, (faces.get(line.faceMinor) ?? 0) + line.pieces)
  }
  return orderPieces([...faces].map(([faceMinor, pieces]) => ({ faceMinor, pieces })))
}

type Line = {
  readonly currency: Currency
  readonly faceMinor: Minor
  readonly pieces: number
  readonly level: Level
  readonly devId: number | undefined
}

function linesOf(block: Element): Line[] {
  return childrenOf(block, 'denomination').flatMap((element) => lineOf(element) ?? [])
}

function lineOf(element: Element): Line | undefined {
  const face = wholeOf(element.attributes.get('fv'))
  const pieces = wholeOf(textOf(element, 'piece'))
  const code = element.attributes.get('cc')?.toUpperCase() ?? ''
  if (face === undefined || face <= 0 || face > amountMax || !isCurrencyCode(code)) return undefined
  if (pieces === undefined || pieces < 0 || pieces > machinePiecesMax) return undefined
  const line = { currency: code as Currency, faceMinor: minor(face), pieces }
  const level = levelOf(wholeOf(textOf(element, 'status')))
  return { ...line, level, devId: wholeOf(element.attributes.get('devid')) }
}

/**
 * Whether every denomination in these blocks can be read, so that none is left out of what is told of them. With
 * `currency` all that is not nothing has to be of it. One that is worth nothing (paper) is no money.
 */
export function isReadable(blocks: readonly Element[], currency?: Currency): boolean {
  return blocks
    .flatMap((block) => childrenOf(block, 'denomination'))
    .every((element) => {
      if (wholeOf(textOf(element, 'piece')) === 0) return true
      if (currency === undefined && wholeOf(element.attributes.get('fv')) === 0) return true
      const line = lineOf(element)
      return line !== undefined && (currency === undefined || line.currency === currency)
    })
}

/**
 * What the machine holds, from an answer to Inventory: by unit where it tells (`CashUnits`), and else the device's
 * inventory as recycling stock. The three views of the same money in one answer are never mixed. `undefined`
 * where the answer has no view that can be read. Not `whole`: some of it could not be read, so it is no count.
 */
export function stockOf(
  body: Element,
): { readonly stock: Stock; readonly whole: boolean } | undefined {
  const units = childrenOf(body, 'cashunits').flatMap((device) => childrenOf(device, 'cashunit'))
  const lines = new Map<string, StockLine>()
  const add = (unit: Unit, { currency, faceMinor, pieces, level }: Line, max?: number) => {
    const key = `${unit} ${currency} ${faceMinor}`
    const known = lines.get(key)
    const fits = max !== undefined && max >= 0 && max <= machinePiecesMax
    const maxPieces = fits ? (known?.maxPieces ?? 0) + max : known?.maxPieces
    const both = { unit, currency, faceMinor, pieces: (known?.pieces ?? 0) + pieces }
    lines.set(key, {
      ...both,
      level: known === undefined ? level : worse(known.level, level),
      ...(maxPieces !== undefined && { maxPieces }),
    })
  }
  for (const cashUnit of units) {
    const number = wholeOf(cashUnit.attributes.get('unitno'))
    const unit = number !== undefined && isCashBox(number) ? 'cash_box' : 'recycling'
    const st = levelOf(wholeOf(cashUnit.attributes.get('st')))
    const max = wholeOf(cashUnit.attributes.get('max'))
    const held = linesOf(cashUnit)
    // A place for one face has one line: its size and level are that face's. A box for all has neither.
    const own = held.length === 1
    for (const line of held) add(unit, own ? { ...line, level: st } : line, own ? max : undefined)
  }
  let whole = isReadable(units)
  if (lines.size === 0) {
    const blocks = childrenOf(body, 'cash')
    const block = blocks.find((one) => wholeOf(one.attributes.get('type')) === cashHeld)
    if (block === undefined) return undefined
    whole &&= isReadable([block])
    for (const line of linesOf(block)) add('recycling', line)
  }
  const stock = [...lines.values()]
  return canBeHeld(stock) ? { stock, whole } : { stock: [], whole: false }
}

const order: readonly Level[] = [
  'normal',
  'unknown',
  'near_full',
  'near_empty',
  'full',
  'empty',
  'absent',
]
/** Of two places for one face the one that a person has to know of; one that is well serves the other. */
const worse = (a: Level, b: Level): Level => (order.indexOf(a) <= order.indexOf(b) ? a : b)

/** The machine's status and each device's, from an answer that bears them. */
export function machineStatusOf(body: Element) {
  const status = childOf(body, 'status')
  return {
    code: wholeOf(textOf(status, 'code')),
    devices: childrenOf(status, 'devstatus').map(({ attributes }) => ({
      devId: wholeOf(attributes.get('devid')),
      state: wholeOf(attributes.get('st')),
      error: wholeOf(attributes.get('val')) ?? 0,
    })),
  }
}

/** Which devices want to be counted again: 1 notes, 2 coins. */
export function unverifiedOf(body: Element): number[] {
  const wanted = new Set<number>()
  const walk = (element: Element) => {
    const asks = element.name.startsWith('requireverify') && element.attributes.get('val') === '1'
    const devId = wholeOf(element.attributes.get('devid'))
    if (asks && devId !== undefined) wanted.add(devId)
    for (const child of element.children) walk(child)
  }
  for (const info of childrenOf(body, 'requireverifyinfos')) walk(info)
  return [...wanted].sort((a, b) => a - b)
}
