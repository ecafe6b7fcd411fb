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

/** Makes the one place of a server that hashes PINs and passwords, with a bounded queue. */
export function createHasher(pepper: Uint8Array): Hasher {
  const options = { ...cost, secret: pepper }
  const waiting: (() => void)[] = []
  let running = 0
  let decoy: Promise<string> | undefined

  const take = async () => {
    if (running >= runningMax) await new Promise<void>((go) => waiting.push(go))
    else running += 1
  }
  const give = () => {
    const next = waiting.shift()
    if (next === undefined) running -= 1
    else next()
  }
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    await take()
    try {
      return await work()
    } finally {
      give()
    }
  }
  return {
    hash: (secret) => inTurn(() => hash(secret, options)),
    verify: async (hashed, secret) => {
      if (waiting.length >= waitingMax) return 'busy'
      return inTurn(async () => {
        decoy ??= hash('nobody', options)
        // A hash that is damaged or of another kind is no proof; the library throws on it.
        const matches = await verify(hashed ?? (await decoy), secret, options).catch(() => false)
        return matches && hashed !== undefined
      })
    },
  }
}
