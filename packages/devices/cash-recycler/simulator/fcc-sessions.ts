// Who may speak: sessions, the lock of one client, and calls that came twice.

export type Settings = {
  readonly sessionEnable: boolean
  /** A session that was not used for so long is over. */
  readonly sessionMinute: number
  readonly occupyEnable: boolean
  readonly soapUserCheck: boolean
  readonly soapDuplicateCheck: boolean
  readonly users: Readonly<Record<string, string>>
  /** The real one refuses its own host (result 98); on one computer it has to be let through. */
  readonly loopbackAllowed: boolean
}

export const factorySettings: Settings = {
  ...{ sessionEnable: false, sessionMinute: 60, occupyEnable: false, soapUserCheck: false },
  ...{ soapDuplicateCheck: false, users: { glory: 'glory' }, loopbackAllowed: true },
}

const sessionsMax = 10
const remembersMax = 1_000

type Session = { readonly user: string; lastAt: number }

/** The memory of one start of the machine. */
export class Sessions {
  readonly #settings: () => Settings
  readonly #sessions = new Map<string, Session>()
  readonly #seen = new Set<string>()
  #count = 0
  /** Who holds the lock: a session, or an `Id` where there are none. */
  occupant: string | undefined

  constructor(settings: () => Settings) {
    this.#settings = settings
  }

  forget(): void {
    this.#sessions.clear()
    this.occupant = undefined
  }

  /** Result and session of `Open`. */
  open(user: string, password: string, now: number): { result: number; sessionId?: string } {
    const { sessionEnable, soapUserCheck, users } = this.#settings()
    if (!sessionEnable) return { result: 20 }
    if (soapUserCheck && (!Object.hasOwn(users, user) || users[user] !== password)) {
      return { result: 15 }
    }
    for (const [id, session] of this.#sessions) if (this.#isOver(session, now)) this.close(id)
    if (this.#sessions.size >= sessionsMax) return { result: 16 }
    this.#count += 1
    const sessionId = `X/v8DmpPqJ1ulW9j2Oem.${String(this.#count).padStart(6, '0')}`
    this.#sessions.set(sessionId, { user, lastAt: now })
    return { result: 0, sessionId }
  }

  close(sessionId: string): void {
    this.#sessions.delete(sessionId)
    if (this.occupant === sessionId) this.occupant = undefined
  }

  /** 0 where this session may speak; 21 for one that never was, 22 for one that is over. */
  check(sessionId: string | undefined, now: number): number {
    if (!this.#settings().sessionEnable) return 0
    const session = this.#sessions.get(sessionId ?? '')
    if (session === undefined) return 21
    if (this.#isOver(session, now)) {
      this.close(sessionId ?? '')
      return 22
    }
    session.lastAt = now
    return 0
  }

  userOf(sessionId: string | undefined): string {
    return this.#sessions.get(sessionId ?? '')?.user ?? ''
  }

  #isOver(session: Session, now: number): boolean {
    return now - session.lastAt > this.#settings().sessionMinute * 60_000
  }

  /** Whether this call was made before, by its `Id` and `SeqNo`. */
  isRepeated(id: string, seqNo: string): boolean {
    if (!this.#settings().soapDuplicateCheck) return false
    const key = `${id} ${seqNo}`
    if (this.#seen.has(key)) return true
    this.#seen.add(key)
    const [oldest] = this.#seen
    if (this.#seen.size > remembersMax && oldest !== undefined) this.#seen.delete(oldest)
    return false
  }
}
