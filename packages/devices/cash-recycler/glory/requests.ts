import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { type Out, writeXml } from './xml.ts'

// What is said to the machine: the requests of the BrueBox service (its WSDL, SDK ISP-K05B v18.30), in the order
// of fields that its schema wants, as a SOAP envelope (transport A) or bare (transport C).

/** Who speaks, and the number of this try. The machine echoes both. */
export type Header = {
  readonly id: string
  readonly seqNo: string
  /** Only where the machine has sessions. */
  readonly sessionId?: string | undefined
}

/** Notes are of the note recycler, 1, and coins of the coin recycler, 2. */
export type DevicePieces = {
  readonly currency: Currency
  readonly pieces: Pieces
  readonly devIdOf: (faceMinor: Minor) => 1 | 2
}

/** One call, with what it needs. Amounts are in minor units, as the machine counts too. */
export type Request =
  | { readonly op: 'open'; readonly user: string; readonly password: string }
  | { readonly op: 'close' | 'occupy' | 'release' | 'reset' }
  | { readonly op: 'register' | 'unregister'; readonly host: string; readonly port: number }
  | { readonly op: 'status' }
  /** Below zero it pays out. It waits where it has no change, so that we decide. */
  | { readonly op: 'change'; readonly amountMinor: number }
  /** `short`: end for want of change, and not as a cancellation. */
  | { readonly op: 'change_cancel'; readonly short: boolean }
  | { readonly op: 'start_cashin' | 'end_cashin' | 'cashin_cancel' }
  | { readonly op: 'start_replenish' | 'end_replenish' | 'replenish_cancel' }
  | { readonly op: 'start_cassette' | 'end_cassette' }
  | ({ readonly op: 'cashout' } & DevicePieces)
  /** 0: all three views of the same money. */
  | { readonly op: 'inventory' }
  | ({ readonly op: 'collect'; readonly to: 'cash_box' | 'exit' } & DevicePieces)
  /** Counts what the machine no longer trusts: 1 both, 2 notes, 3 coins. */
  | { readonly op: 'verify'; readonly which: 1 | 2 | 3 }
  | { readonly op: 'adjust_time'; readonly at: Date }
  | { readonly op: 'lock' | 'unlock'; readonly unit: 1 | 2 | 3 }

type Operation = { readonly action: string; readonly root: string }

const operation = (name: string, root = name): Operation => ({
  action: `${name}Operation`,
  root: `${root}Request`,
})

/** The SOAPAction and the root of each, which do not always go by one name. */
const operations: { readonly [Op in Request['op']]: Operation } = {
  open: operation('Open'),
  close: operation('Close'),
  occupy: operation('Occupy'),
  release: operation('Release'),
  reset: operation('Reset'),
  register: operation('RegisterEvent'),
  unregister: operation('UnRegisterEvent'),
  status: { action: 'GetStatus', root: 'StatusRequest' },
  change: operation('Change'),
  change_cancel: operation('ChangeCancel'),
  start_cashin: operation('StartCashin'),
  end_cashin: operation('EndCashin'),
  cashin_cancel: operation('CashinCancel'),
  start_replenish: operation('StartReplenishmentFromEntrance'),
  end_replenish: operation('EndReplenishmentFromEntrance'),
  replenish_cancel: operation('ReplenishmentFromEntranceCancel'),
  start_cassette: operation('StartReplenishmentFromCassette'),
  end_cassette: operation('EndReplenishmentFromCassette'),
  cashout: operation('Cashout'),
  inventory: operation('Inventory'),
  collect: operation('Collect'),
  verify: operation('Collect'),
  adjust_time: operation('AdjustTime'),
  lock: operation('LockUnit'),
  unlock: operation('UnLockUnit'),
}

/** The answer's root for each, in lower case, as `readMessages` names it. */
export const answerOf = (op: Request['op']): string =>
  operations[op].root.replace(/Request$/, 'Response').toLowerCase()

export const soapActionOf = (op: Request['op']): string => operations[op].action

const schema = 'http://www.glory.co.jp/bruebox.xsd'
const envelope = 'http://schemas.xmlsoap.org/soap/envelope/'

/** The body of a POST of transport A. */
export function writeSoap(header: Header, request: Request): string {
  const body = writeXml(treeOf(header, request), 'bru')
  return (
    `<soapenv:Envelope xmlns:soapenv="${envelope}" xmlns:bru="${schema}">` +
    `<soapenv:Header/><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`
  )
}

/** The second argument of `xml send`, transport C: no namespaces, and a NUL at its end. */
export function writeBare(header: Header, request: Request): string {
  return `${writeXml(treeOf(header, request))}\u0000`
}

function treeOf({ id, seqNo, sessionId }: Header, request: Request): Out {
  const session =
    sessionId === undefined || request.op === 'open' ? [] : [text('SessionID', sessionId)]
  const content = [text('Id', id), text('SeqNo', seqNo), ...session, ...fieldsOf(request)]
  return { name: operations[request.op].root, content }
}

const text = (name: string, value: string | number): Out => ({ name, content: String(value) })
const option = (type: number, name = 'Option'): Out => ({ name, attributes: { type }, content: [] })

function fieldsOf(request: Request): Out[] {
  switch (request.op) {
    case 'open':
      return [text('User', request.user), text('UserPwd', request.password), text('DeviceName', '')]
    case 'register':
      return [text('Url', request.host), text('Port', request.port), option(0, 'DestinationType')]
    case 'unregister':
      return [text('Url', request.host), text('Port', request.port)]
    case 'status':
      return [option(0), option(1, 'RequireVerification')]
    case 'change':
      return [text('Amount', request.amountMinor), option(1)]
    case 'change_cancel':
      return [option(request.short ? 1 : 0)]
    case 'start_cashin':
    case 'end_cashin':
    case 'inventory':
    case 'start_cassette':
      return [option(0)]
    case 'cashout':
      return [cash(2, request)]
    case 'collect':
      return [option(request.to === 'cash_box' ? 0 : 3), cash(5, request)]
    case 'verify':
      return [
        option(0),
        option(request.which, 'RequireVerification'),
        { name: 'Cash', attributes: { type: 5 }, content: [] },
      ]
    case 'adjust_time': {
      const { at } = request
      const date = { month: at.getMonth() + 1, day: at.getDate(), year: at.getFullYear() }
      const time = { hour: at.getHours(), minute: at.getMinutes(), second: at.getSeconds() }
      return [
        { name: 'Date', attributes: date, content: [] },
        { name: 'Time', attributes: time, content: [] },
      ]
    }
    case 'lock':
    case 'unlock':
      return [option(request.unit)]
    default:
      return []
  }
}

function cash(type: number, { currency, pieces, devIdOf }: DevicePieces): Out {
  const content = pieces.map(({ faceMinor, pieces: count }) => ({
    name: 'Denomination',
    attributes: { cc: currency, fv: faceMinor, rev: 0, devid: devIdOf(faceMinor) },
    content: [text('Piece', count), text('Status', 0)],
  }))
  return { name: 'Cash', attributes: { type }, content }
}
