/** Runs tasks one after the other, in the order in which they were asked for. */
export type Turns = <T>(task: () => Promise<T>) => Promise<T>

/** Makes a queue of its own. A task that fails does not stop those behind it. */
export function takeTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const mine = last.then(task, task)
    last = mine
    return mine
  }
}
