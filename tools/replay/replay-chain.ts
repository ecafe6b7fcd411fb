/** A store server as the replay sees it: over its API, and as a process where it may be killed. */
export type ReplayStore = {
  readonly name: string
  readonly url: string
  readonly shopId: string
  readonly staffId: string
  readonly tillIds: readonly string[]
}

/** The chain that a replay trades on: one of its own, or one that runs already. */
export type ReplayChain = {
  readonly dataDir: string
  readonly cloudUrl: string
  readonly apiKey: string
  readonly stores: readonly ReplayStore[]
  /** The ids of the file's items. */
  readonly productIds: ReadonlyMap<string, string>
  /** What may be done to a chain of our own, and to no other. */
  readonly faults?: {
    readonly cutCloud: () => void
    readonly healCloud: () => void
    /** Ends a store server at once and starts it again. */
    readonly killAndStart: (store: number) => Promise<void>
  }
  readonly stop: () => Promise<void>
}
