import {
  bookedCounts,
  cashNode,
  denominationNodes,
  inventoryNode,
  positionOf,
  statusOf,
} from './fcc-money.ts'
import { type Node, node } from './fcc-xml.ts'
import type { DevId } from './machine-profiles.ts'
import type { Level, Machine, News, Operation } from './machine-state.ts'

// What the machine tells by itself, as the frames of its event channel.

/** The call that the machine is at, as its events name it. */
export type Running = {
  readonly transactionId: string
  readonly name: string
  readonly seqNo: string
  readonly user: string
}

/** Only these numbers of events are public; a list of numbers lets others pass by no number. */
export const eventNumbers: Readonly<Record<string, number>> = {
  ...{ RegisterEventResponse: 0, UnRegisterEventResponse: 1, StatusResponse: 2, ChangeResponse: 3 },
  ...{ StartCashinResponse: 5, EndCashinResponse: 6, HeartBeatEvent: 40, StatusChangeEvent: 41 },
  ...{ eventError: 56, IncompleteTransaction: 60, eventRequireVerifyDenomination: 66 },
  ...{ eventRequireVerifyCategoryNote: 68, ChangeInventoryStatus: 75, SpecialDeviceError: 77 },
  ...{ eventCountedCategory2: 88, eventCountedCategory3: 89, GetSettingFileResponse: 96 },
}

const levelEvents: Readonly<Record<Level, string>> = {
  ...{ empty: 'eventEmpty', near_empty: 'eventLow', normal: 'eventExist' },
  ...{ near_full: 'eventHigh', full: 'eventFull' },
}

const position = { entrance: 1, exit: 2 } as const

/** The frames of one piece of news, in their order. */
export function eventsOf(machine: Machine, news: News, running: Running | undefined): Node[] {
  const device = (devId: DevId, name: string, content: readonly Node[]) => {
    const id = running ? [node('TransactionId', running.transactionId)] : []
    const attributes = { devid: devId, user: running?.user ?? '' }
    return node('GlyCashierEvent', [...id, node(name, content)], attributes)
  }
  switch (news.is) {
    case 'phase': {
      const code = statusOf(news.phase, machine.operation?.kind)
      return news.phase === 'off' ? [] : [statusEvent(machine, code, news.amountMinor, running)]
    }
    case 'counted': {
      const replenishes = machine.operation?.kind === 'replenish'
      const name = replenishes ? 'eventReplenishCountChange' : 'eventDepositCountChange'
      return [device(news.devId, name, denominationNodes(machine, news.taken))]
    }
    case 'giving':
      return [node('DispenseDetailsEvent', denominationNodes(machine, news.planned))]
    case 'level': {
      const at = [node('DevicePositionID', positionOf(news.unit))]
      return [device(news.unit.devId, levelEvents[news.level], at)]
    }
    case 'stock': {
      const cause = node('CausedTransaction', running?.name ?? '')
      return [node('ChangeInventoryStatus', [cause, inventoryNode(machine, 3)])]
    }
    case 'remove':
    case 'removed': {
      const name = news.is === 'remove' ? 'eventWaitForRemoving' : 'eventRemoved'
      return [device(news.devId, name, [node('DevicePositionID', position[news.place])])]
    }
    case 'error': {
      const { devId, code, help, text } = news.error
      const error = [node('ErrorCode', code), node('RecoveryURL', help)]
      const special = [node('ErrorCode', code), node('ErrorMessage', text)]
      return [
        device(devId, 'eventError', error),
        node('SpecialDeviceError', special, { devid: devId }),
      ]
    }
    case 'unsure':
    case 'sure': {
      const name =
        news.is === 'unsure' ? 'eventRequireVerifyDenomination' : 'eventExactDenomination'
      return [device(news.devId, name, [cashNode(machine, 7, bookedCounts(machine, [news.devId]))])]
    }
    case 'suspicious':
      return [
        device(1, 'eventCountedCategory2', denominationNodes(machine, { [news.faceMinor]: 1 })),
      ]
    case 'box_emptied': {
      const { devId } = news.unit
      const door = [node('DevicePositionID', 1)]
      const box = [
        node('SerialNo', `BOX-${news.unit.unitNo}`),
        cashNode(machine, 8, news.counts),
        node('InvalidCassette', 0),
      ]
      return [
        device(devId, 'eventOpened', door),
        device(devId, 'eventCassetteInventoryOnRemoval', box),
        device(devId, 'eventClosed', door),
      ]
    }
    default:
      return []
  }
}

function statusEvent(
  machine: Machine,
  code: number,
  amountMinor: number,
  running: Running | undefined,
): Node {
  return node('StatusChangeEvent', [
    node('Status', code),
    node('Amount', amountMinor),
    node('Error', machine.error?.code ?? 0),
    node('RecoveryURL', machine.error?.help ?? ''),
    node('User', running?.user ?? ''),
    node('SeqNo', running?.seqNo ?? ''),
  ])
}

/** What a transaction really moved that power cut off. */
export function incompleteEvent(machine: Machine, running: Running, operation: Operation): Node {
  const moved = [cashNode(machine, 1, operation.taken), cashNode(machine, 2, operation.given)]
  return node('IncompleteTransaction', [
    node('TransactionId', running.transactionId),
    node('TransactionName', running.name),
    node('Committed', moved),
    node('Current', [inventoryNode(machine, 3)]),
    node('ManualDepositInfo'),
    node('DepositCategoryInfo'),
  ])
}
