import { hash, verify } from '@node-rs/argon2'

// argon2id with 19 MiB, two passes, one lane: OWASP's first choice for a server. The pepper is argon2's
// secret: without the file it lies in, a stolen database has no PIN to guess.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** As many cores as logins may take from selling. */
const runningMax = 2
/** Beyond it nobody would still be waiting for the answer. */
const waitingMax = 50

export type Hasher = {
  /** A new hash in PHC form. */
  readonly hash: (secret: string) => Promise<string>
  /**
   * Whether the secret is the one of the hash. Without a hash it takes as long, and is false: an
   * unknown person cannot be told by the clock. `busy` where the queue is full.
   */
  readonly verify: (hashed: string | undefined, secret: string) => Promise<boolean | 'busy'>
}

/** Lets as many hashes run as `runningMax`, whatever their peppers; the others wait in line. */
export type HashQueue = {
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
  readonly isFull: () => boolean
}

/** Makes the one queue of a server. */
export function createHashQueue(): HashQueue {
  const waiting: (() => void)[] = []
  let running = 0
  const take = async () => {
    if (running >= runningMax) await new Promise<void>((go) => waiting.push(go))
    else running += 1
  }
  const give = () => {
    const next = waiting.shift()
    if (next === undefined) running -= 1
    else next()
  }
  return {
    inTurn: async (work) => {
      await take()
      try {
        return await work()
      } finally {
        give()
      }
    },
    isFull: () => waiting.length >= waitingMax,
  }
}

/** Makes what hashes PINs and passwords with a pepper, in its turn in the server's one queue. */
export function createHasher(pepper: Uint8Array, queue = createHashQueue()): Hasher {
  const options = { ...cost, secret: pepper }
  let decoy: Promise<string> | undefined
  return {
    hash: (secret) => queue.inTurn(() => hash(secret, options)),
    verify: async (hashed, secret) => {
      if (queue.isFull()) return 'busy'
      return queue.inTurn(async () => {
        decoy ??= hash('nobody', options)
        // A hash that is damaged or of another kind is no proof; the library throws on it.
        const matches = await verify(hashed ?? (await decoy), secret, options).catch(() => false)
        return matches && hashed !== undefined
      })
    },
  }
}
