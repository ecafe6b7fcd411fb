import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'

// What a cash recycler is to the rest of Tillkeeper, in the words of no maker. A driver (glory/, rest/) turns
// its machine's protocol into this; the state machine (recycler-state.ts) and everything above it know nothing
// else. testing/contract-suite.ts says it in tests, which every driver passes.

/** Parts that hold money: what it can give again, and what only a person with a key takes out. */
export type Unit = 'recycling' | 'cash_box'

/** How full the place of one face is, as the machine says. `absent`: taken out, or not to be used. */
export type Level = 'empty' | 'near_empty' | 'normal' | 'near_full' | 'full' | 'absent' | 'unknown'

/** The pieces of one face in one part of the machine. */
export type StockLine = {
  readonly unit: Unit
  readonly currency: Currency
  readonly faceMinor: Minor
  readonly pieces: number
  readonly level: Level
  /** As many as fit, where the machine tells. */
  readonly maxPieces?: number
}

/** What a machine says that it holds. A face stands once a unit. */
export type Stock = readonly StockLine[]

/** What a machine can do, found out by asking it, never by its name. */
export type Capabilities = {
  readonly currencies: readonly Currency[]
  /** It takes an amount and gives the change by itself. */
  readonly payIn: boolean
  readonly payOut: 'amount' | 'pieces' | 'both'
  /** Takes money without an amount to reach, until it is told that this was all. */
  readonly deposit: boolean
  readonly replenish: readonly ('entrance' | 'cassette')[]
  readonly collect: readonly ('cash_box' | 'exit')[]
  readonly lock: boolean
  readonly reset: boolean
  /** Counts again what it no longer trusts. */
  readonly verify: boolean
  /** It tells what happens by itself; otherwise it is asked again and again. */
  readonly pushes: boolean
}

/** What a machine is asked to do with money. */
export type Work =
  /** A sale: take this amount, and give the change. */
  | { readonly kind: 'pay_in'; readonly amountMinor: Minor }
  /** A refund or pay-out, in pieces of the machine's choice or in these. */
  | { readonly kind: 'pay_out'; readonly amountMinor: Minor; readonly pieces?: Pieces }
  /** From a customer or a drawer, as much as comes, until `finish`. */
  | { readonly kind: 'deposit' }
  /** From the safe, as much as comes, until `finish`. */
  | { readonly kind: 'replenish'; readonly from: 'entrance' | 'cassette' }
  /** Out of the recycling stock: into its own cash box, or to a person's hands. */
  | { readonly kind: 'collect'; readonly to: 'cash_box' | 'exit'; readonly pieces: Pieces }

/**
 * One try to move money, written down before the machine hears of it. `seqNo` names it on the wire, never
 * twice; `before` is what the machine held, so that what it holds later tells what happened.
 */
export type Attempt = {
  readonly attemptId: string
  readonly seqNo: string
  readonly currency: Currency
  readonly work: Work
  readonly before: Stock
}

/** How the machine says a piece of work ended. `amounts` are those of this attempt alone. */
export type Reply = {
  readonly result:
    | 'done'
    /** Cancelled, and what was put in was given back. */
    | 'cancelled'
    /** Ended for want of change or pieces. */
    | 'short'
    /** It gave, or may have given, other pieces than it meant to. */
    | 'inconsistent'
    /** It stopped: jam, power, or a code that is not known. */
    | 'failed'
  readonly in: Pieces
  readonly out: Pieces
  /** The maker's own code, for a person and the journal. */
  readonly code: string
}

/** What can be learned of an attempt whose reply is missing. */
export type Finding =
  /** The machine is still at it. */
  | { readonly found: 'running'; readonly insertedMinor: Minor }
  /** A copy of the reply, or the machine's own record of what really moved. */
  | { readonly found: 'reply'; readonly reply: Reply }
  /** The machine is at rest and has no record of it: what it holds must tell. */
  | { readonly found: 'nothing' }

/** Why a machine does not work, and what its maker says to do about it. */
export type Fault = {
  readonly kind: 'jam' | 'door' | 'cassette' | 'verify' | 'full' | 'empty' | 'power' | 'device'
  /** The maker's code as its manual writes it. */
  readonly code: string
  readonly text: string
  /** Where the machine shows how to mend it, a path or an address on the machine. */
  readonly help?: string
}

/** Whether a machine can be given work. */
export type Condition =
  | { readonly is: 'ready' }
  /** At work that is not ours, or starting. */
  | { readonly is: 'busy' }
  | { readonly is: 'fault'; readonly fault: Fault }

/** Why a machine did not begin. Nothing moved. */
export type StartRefusal = {
  readonly code: 'busy' | 'occupied' | 'short' | 'not_able' | 'bad_request' | 'login' | 'duplicate'
  readonly makerCode: string
}

/** What a driver tells. Those of work bear its `seqNo`, so that those of others are known. */
export type DriverEvent =
  | { readonly type: 'linked'; readonly capabilities: Capabilities }
  | { readonly type: 'lost'; readonly why: string }
  | { readonly type: 'condition'; readonly condition: Condition }
  | { readonly type: 'stock'; readonly stock: Stock; readonly certain: boolean }
  | { readonly type: 'inserted'; readonly seqNo: string; readonly minor: Minor }
  | { readonly type: 'giving'; readonly seqNo: string; readonly minor: Minor }
  /** It has not the pieces for the change, and waits for `cancel` or `end_short`. */
  | { readonly type: 'short'; readonly seqNo: string }
  | { readonly type: 'started'; readonly seqNo: string }
  | { readonly type: 'not_started'; readonly seqNo: string; readonly refusal: StartRefusal }
  | { readonly type: 'replied'; readonly seqNo: string; readonly reply: Reply }
  | { readonly type: 'finding'; readonly seqNo: string; readonly finding: Finding }
  /** Something was asked and no answer came: what it did is not known. */
  | { readonly type: 'no_answer'; readonly command: DriverCommand['type'] }
  /** Bytes that could not be read, or news that nobody knows: for the journal. */
  | { readonly type: 'strange'; readonly about: string }

/** What a driver is told. It answers by events and never throws for what a machine says. */
export type DriverCommand =
  | { readonly type: 'start'; readonly attempt: Attempt }
  | { readonly type: 'cancel'; readonly seqNo: string }
  /** No change is to be had: end, keep nothing, and say what was given back. */
  | { readonly type: 'end_short'; readonly seqNo: string }
  /** That was all, of a deposit or a replenishment. */
  | { readonly type: 'finish'; readonly seqNo: string }
  | { readonly type: 'find'; readonly attempt: Attempt }
  | { readonly type: 'read_condition' }
  | { readonly type: 'read_stock' }
  | { readonly type: 'reset' }
  | { readonly type: 'verify' }
  | { readonly type: 'lock'; readonly locked: boolean }
  /** Drop the line, and begin anew with `linked`. */
  | { readonly type: 'relink' }

/** A driver of one machine. It keeps its line by itself, with waits that grow, until it is closed. */
export type Driver = {
  readonly send: (command: DriverCommand) => void
  readonly close: () => Promise<void>
}

/** What a driver needs to begin; `tell` is called in the order of the machine's news. */
export type DriverPorts = {
  readonly tell: (event: DriverEvent) => void
  /** Every frame as it came and went, bounded by the caller: the raw log of the machine's page. */
  readonly trace: (direction: 'in' | 'out', text: string) => void
}
