import fc from 'fast-check'

/** Up to so many facts every order is tried; above, orders are drawn at random. */
export const everyOrderMax = 6
const randomOrders = 20

/** The orders in which facts may come: all of a few, some of many; each also with repetitions. */
export function someDeliveries<Fact>(facts: readonly Fact[]): readonly (readonly Fact[])[] {
  const orders = facts.length <= everyOrderMax ? permute(facts) : draw(facts)
  return orders.map((order, index) => {
    // Every other one again in part, in its own order and from its end.
    if (index % 2 === 0) return order
    const from = index % (order.length + 1)
    return [
      ...order.slice(0, from),
      ...order.slice(0, from).reverse(),
      ...order.slice(from),
      ...order,
    ]
  })
}

function permute<Fact>(facts: readonly Fact[]): readonly (readonly Fact[])[] {
  const [first, ...rest] = facts
  if (first === undefined) return [[]]
  return permute(rest).flatMap((order) =>
    Array.from({ length: order.length + 1 }, (_, at) => [
      ...order.slice(0, at),
      first,
      ...order.slice(at),
    ]),
  )
}

function draw<Fact>(facts: readonly Fact[]): readonly (readonly Fact[])[] {
  // Seeded by the facts, so that a failing property fails again.
  let state = facts.length * 2_654_435_761
  const next = (below: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 374_761_393) >>> 0
    return state % below
  }
  return Array.from({ length: randomOrders }, () => {
    const order = [...facts]
    for (let at = order.length - 1; at > 0; at -= 1) {
      const other = next(at + 1)
      const [a, b] = [order[at] as Fact, order[other] as Fact]
      order[at] = b
      order[other] = a
    }
    return order
  })
}

/** Clock readings that are often the same, and ids that never are. */
export const someStamps = (count: number) =>
  fc.array(fc.record({ rep: fc.constantFrom(0, 0, 0, 1), at: fc.integer({ min: 0, max: 4 }) }), {
    minLength: count,
    maxLength: count,
  })

/** Writes stamps out of what `someStamps` made. */
export const stampOf = ({ rep, at }: { rep: number; at: number }, index: number) => ({
  rep,
  hlc: String(at).padStart(16, '0'),
  factId: `f${(index * 7) % 31}`.padEnd(4, '-') + index,
})
