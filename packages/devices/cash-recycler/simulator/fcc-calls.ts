import { isIPv4 } from 'node:net'
import type { Call, Fcc } from './fcc.ts'
import {
  bookedCounts,
  cashNode,
  inventoryNode,
  readCash,
  statusNode,
  unitNodes,
  verifyNode,
} from './fcc-money.ts'
import { childOf, type Node, node, textOf, writeBare } from './fcc-xml.ts'
import type { DevId } from './machine-profiles.ts'
import type { Operation } from './machine-state.ts'

// Every call that the machine answers, by the root of its request.

type Handler = {
  /** Needs a session where there are sessions, and the lock where there is a lock. */
  readonly session: boolean
  readonly lock: boolean
  readonly run: (fcc: Fcc, call: Call) => void
  /** The fields of the answer that comes when the work ended. */
  readonly ended?: (fcc: Fcc, operation: Operation, call: Call) => Node[]
  readonly done?: (fcc: Fcc, call: Call) => void
}

/** As many may register. */
export const destinationsMax = 4

const optionOf = ({ request }: Call, name = 'Option'): number | undefined => {
  const type = childOf(request, name)?.attributes.type
  return type === undefined || type === '' ? undefined : Number(type)
}

const read = (run: Handler['run']): Handler => ({ session: true, lock: false, run })
const free = (run: Handler['run']): Handler => ({ session: false, lock: false, run })
const money = (run: Handler['run'], ended?: Handler['ended']): Handler => ({
  ...{ session: true, lock: true, run },
  ...(ended && { ended }),
})
const done = (fcc: Fcc, call: Call) => fcc.reply(call, 0)

const devicesOf = (type: number | undefined): DevId[] =>
  type === 1 ? [1] : type === 2 ? [2] : [1, 2]

const inOut: NonNullable<Handler['ended']> = ({ machine }, { taken, given }) => [
  node('ManualDeposit', 0),
  cashNode(machine, 1, taken),
  cashNode(machine, 2, given),
]
const counted: NonNullable<Handler['ended']> = ({ machine }, { taken }) => [
  node('ManualDeposit', 0),
  cashNode(machine, 1, taken),
]

const change: Handler = money(
  (fcc, call) => {
    const amount = Number(textOf(call.request, 'Amount') || Number.NaN)
    if (!Number.isSafeInteger(amount) || amount === 0) return fcc.reply(call, 98)
    const waitsWhenShort = optionOf(call) === 1
    const input =
      amount < 0
        ? ({ is: 'pay_out', ref: '', amountMinor: -amount } as const)
        : ({ is: 'pay_in', ref: '', amountMinor: amount, waitsWhenShort } as const)
    fcc.begin(call, input, false)
  },
  ({ machine }, { kind, amountMinor, taken, given }) => [
    node('Amount', kind === 'pay_out' ? -amountMinor : amountMinor),
    node('ManualDeposit', 0),
    statusNode(machine),
    cashNode(machine, 1, taken),
    cashNode(machine, 2, given),
  ],
)

const cashout: Handler = money(
  (fcc, call) => {
    const pieces = readCash(fcc.machine, call.request)
    if (pieces === undefined) return fcc.reply(call, 98)
    fcc.begin(call, { is: 'pay_out_pieces', ref: '', pieces }, false, 6)
  },
  ({ machine }, { given }) => [cashNode(machine, 2, given)],
)

const collect: Handler = money(
  (fcc, call) => {
    const which = optionOf(call, 'RequireVerification') ?? 0
    if (which > 0) {
      const devices = devicesOf(which === 2 ? 1 : which === 3 ? 2 : 0)
      return fcc.begin(call, { is: 'verify', ref: '', devices }, false)
    }
    const pieces = readCash(fcc.machine, call.request)
    if (pieces === undefined) return fcc.reply(call, 98)
    const to = (optionOf(call) ?? 0) === 0 ? 'box' : 'exit'
    fcc.begin(call, { is: 'collect', ref: '', to, pieces }, false, 6)
  },
  ({ machine }, { kind, to, given, devices }) => {
    if (kind === 'verify') return [cashNode(machine, 7, bookedCounts(machine, devices))]
    const where = { note_destination: 'CollectionUnit', coin_destination: 'COFB' }
    return [to === 'box' ? cashNode(machine, 8, given, where) : cashNode(machine, 2, given)]
  },
)

const status = read((fcc, call) => {
  const { machine } = fcc
  const running = machine.operation
  const cash =
    optionOf(call) === 1 && running !== undefined ? [cashNode(machine, 1, running.taken)] : []
  const verify = optionOf(call, 'RequireVerification') === 1 ? [verifyNode(machine)] : []
  fcc.reply(call, 0, [statusNode(machine), ...cash, ...verify])
})

const inventory = read((fcc, call) => {
  const option = optionOf(call)
  const { machine } = fcc
  if (option === undefined || ![0, 1, 2, 3].includes(option)) return fcc.reply(call, 98)
  fcc.reply(call, 0, [
    ...(option <= 1 ? [inventoryNode(machine, 3)] : []),
    ...(option === 0 || option === 2 ? [inventoryNode(machine, 4)] : []),
    ...(option === 0 || option === 3 ? unitNodes(machine) : []),
  ])
})

const open = free((fcc, call) => {
  const user = textOf(call.request, 'User') ?? ''
  const password = textOf(call.request, 'UserPwd') ?? ''
  const { result, sessionId } = fcc.sessions.open(user, password, fcc.ports.clock.now())
  fcc.reply({ ...call, sessionId }, result, sessionId ? [node('SessionID', sessionId)] : [])
})

const occupy = read((fcc, call) => {
  if (!fcc.settings.current.occupyEnable) return fcc.reply(call, 4)
  const holder = fcc.holderOf(call)
  const { occupant } = fcc.sessions
  if (occupant === holder) return fcc.reply(call, 17)
  if (occupant !== undefined || fcc.moods.otherOccupies) return fcc.reply(call, 3)
  fcc.sessions.occupant = holder
  fcc.reply(call, 0)
})

const release = read((fcc, call) => {
  if (!fcc.settings.current.occupyEnable) return fcc.reply(call, 4)
  if (fcc.sessions.occupant !== fcc.holderOf(call)) return fcc.reply(call, 5)
  fcc.sessions.occupant = undefined
  fcc.reply(call, 0)
})

function destinationOf(fcc: Fcc, { request }: Call) {
  const host = textOf(request, 'Url') ?? ''
  const port = Number(textOf(request, 'Port') ?? 55561)
  const bare = isIPv4(host) && Number.isInteger(port) && port > 0 && port < 65_536
  const own = host.startsWith('127.') && !fcc.settings.current.loopbackAllowed
  return bare && !own ? { host, port, key: `${host}:${port}` } : undefined
}

const register = read((fcc, call) => {
  const to = destinationOf(fcc, call)
  if (to === undefined) return fcc.reply(call, 98)
  const { destinations, ports } = fcc
  if (!destinations.has(to.key) && destinations.size >= destinationsMax) return fcc.reply(call, 36)
  const list = childOf(call.request, 'RequireEventList')
  const numbers = list && new Set(list.children.map(({ attributes }) => Number(attributes.eventno)))
  destinations.set(to.key, to)
  ports.dial(to, numbers, (reached) => {
    if (!reached) {
      destinations.delete(to.key)
      ports.hangUp(to)
    }
    fcc.reply(call, reached ? 0 : 98)
  })
})

const unregister = read((fcc, call) => {
  const to = destinationOf(fcc, call)
  if (to === undefined || !fcc.destinations.delete(to.key)) return fcc.reply(call, 98)
  fcc.ports.hangUp(to)
  fcc.reply(call, 0)
})

const switchFaces = (on: boolean) =>
  money((fcc, call) => {
    const pieces = readCash(fcc.machine, call.request)
    if (pieces === undefined) return fcc.reply(call, 98)
    fcc.tell({ is: 'enable', faces: Object.keys(pieces).map(Number), on })
    fcc.reply(call, 0)
  })

/** The switches as the machine's file and its socket have them. */
export function functionSetting(fcc: Fcc) {
  const { current } = fcc.settings
  const bit = (on: boolean) => (on ? '1' : '0')
  return {
    OccupyEnable: bit(current.occupyEnable),
    SessionEnable: bit(current.sessionEnable),
    SessionMinute: String(current.sessionMinute),
    SoapDuplicateCheck: bit(current.soapDuplicateCheck),
    SoapUserCheck: bit(current.soapUserCheck),
  }
}

const settingFile = read((fcc, call) => {
  if (textOf(call.request, 'FileName') !== 'FunctionSetting.xml') return fcc.reply(call, 98)
  const fields = Object.entries(functionSetting(fcc)).map(([name, value]) => node(name, value))
  fcc.reply(call, 0, [node('SettingFile', writeBare(node('FunctionSetting', fields)))])
})

const power = read((fcc, call) => {
  const type = optionOf(call)
  if (type !== 0 && type !== 1) return fcc.reply(call, 98)
  fcc.reply(call, 0, [node('Option', '', { type })])
  fcc.tell({ is: 'power_cycle' })
})

const cover = money((fcc, call) => {
  if (call.root.startsWith('Open')) fcc.tell({ is: 'open_cover' })
  fcc.reply(call, 0)
})

const lockUnit = money((fcc, call) => {
  fcc.reply(call, [1, 2, 3].includes(optionOf(call) ?? 0) ? 0 : 98)
})

export const calls: Readonly<Record<string, Handler>> = {
  OpenRequest: open,
  CloseRequest: read((fcc, call) => {
    fcc.reply(call, fcc.settings.current.sessionEnable ? 0 : 20)
    fcc.sessions.close(call.sessionId ?? '')
  }),
  OccupyRequest: occupy,
  ReleaseRequest: release,
  StatusRequest: status,
  ChangeRequest: change,
  ChangeCancelRequest: read((fcc, call) => {
    const kind = fcc.machine.operation?.kind
    const refusal = kind === 'pay_in' ? fcc.tell({ is: 'cancel', short: optionOf(call) === 1 }) : ''
    fcc.reply(call, refusal === undefined ? 0 : 11)
  }),
  StartCashinRequest: money((fcc, call) =>
    fcc.begin(call, { is: 'deposit', ref: '', devices: devicesOf(optionOf(call)) }, true),
  ),
  EndCashinRequest: money((fcc, call) => fcc.endWork(call, { is: 'finish' }), counted),
  CashinCancelRequest: money(
    (fcc, call) => fcc.endWork(call, { is: 'cancel', short: false }),
    inOut,
  ),
  StartReplenishmentFromEntranceRequest: money((fcc, call) =>
    fcc.begin(call, { is: 'replenish', ref: '', from: 'entrance' }, true),
  ),
  EndReplenishmentFromEntranceRequest: money(
    (fcc, call) => fcc.endWork(call, { is: 'finish' }),
    counted,
  ),
  ReplenishmentFromEntranceCancelRequest: money(
    (fcc, call) => fcc.endWork(call, { is: 'cancel', short: false }),
    inOut,
  ),
  StartReplenishmentFromCassetteRequest: money((fcc, call) =>
    fcc.begin(call, { is: 'replenish', ref: '', from: 'cassette' }, true),
  ),
  EndReplenishmentFromCassetteRequest: money(
    (fcc, call) => fcc.endWork(call, { is: 'finish' }),
    ({ machine }, { taken }) => [
      node('ResultDetail', '', { devid: 1, completion: 1, replenishfrom: 1 }),
      cashNode(machine, 1, taken),
    ],
  ),
  CashoutRequest: cashout,
  InventoryRequest: inventory,
  CollectRequest: collect,
  ResetRequest: {
    ...read((fcc, call) => fcc.reset(call)),
    done: (fcc, call) => fcc.reply(call, 0, [statusNode(fcc.machine)]),
  },
  RegisterEventRequest: register,
  UnRegisterEventRequest: unregister,
  AdjustTimeRequest: money((fcc, call) => {
    if (childOf(call.request, 'Date') === undefined) return fcc.reply(call, 98)
    fcc.ports.clock.after(fcc.timings.adjustTimeMs, () => fcc.reply(call, 0))
  }),
  RomVersionRequest: read((fcc, call) =>
    fcc.reply(call, 0, [
      ...[node('CUTE', '18.30'), node('KERNEL', '4.9'), node('UBOOT', '1.0')],
      ...fcc.machine.profile.blocks.map((name) => node(name, [node('Version', '01.00')])),
    ]),
  ),
  GetSettingFileRequest: settingFile,
  EnableDenomRequest: switchFaces(true),
  DisableDenomRequest: switchFaces(false),
  OpenExitCoverRequest: cover,
  CloseExitCoverRequest: cover,
  LockUnitRequest: lockUnit,
  UnLockUnitRequest: lockUnit,
  ReturnCashRequest: money((fcc, call) => {
    fcc.tell({ is: 'take' })
    fcc.reply(call, 0)
  }),
  PowerControlRequest: power,
  LoginUserRequest: free(done),
  LogoutUserRequest: free(done),
}
