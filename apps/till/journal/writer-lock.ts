const lockName = 'tillkeeper.till'

/** Whether this page is the one that writes. Two pages with one journal would fork its chain. */
export type Writer =
  | { readonly is: 'here' }
  /** Another tab or window of this profile is the till. `freed` resolves when it is gone. */
  | { readonly is: 'elsewhere'; readonly freed: Promise<void> }

/** Takes the profile's writer lock for as long as this page lives. */
export function takeWriterLock(locks: LockManager): Promise<Writer> {
  return new Promise((resolve, reject) => {
    const hold = (lock: Lock | null) => {
      if (lock === null) {
        resolve({ is: 'elsewhere', freed: waitForLock(locks) })
        return undefined
      }
      resolve({ is: 'here' })
      return new Promise<never>(() => {}) // Held until the page ends.
    }
    locks.request(lockName, { ifAvailable: true }, hold).catch(reject)
  })
}

function waitForLock(locks: LockManager): Promise<void> {
  return new Promise((resolve, reject) => {
    locks.request(lockName, () => resolve()).catch(reject)
  })
}
