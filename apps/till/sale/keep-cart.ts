import type { TillNode } from '../app/node.ts'
import { makeId } from '../app/node.ts'
import { type Cart, emptyCart, type HeldCart, heldMax } from './cart.ts'

/**
 * Changes the cart, and writes it: whatever happens to the page, it comes back as it was. The screen does
 * not wait for the disk; writes keep their order, after any act that is under way.
 */
export function keepCart(node: TillNode, change: (cart: Cart) => Cart): void {
  const cart = change(node.state.getState().cart)
  if (cart === node.state.getState().cart) return
  node.state.setState({ cart })
  save(node)
}

/** Puts the cart aside. It says whether there was room for it. */
export function holdCart(node: TillNode): 'held' | 'hold_full' | 'nothing_to_pay' {
  const { cart, held, person } = node.state.getState()
  if (cart.lines.length === 0) return 'nothing_to_pay'
  if (held.length >= heldMax) return 'hold_full'
  const nowMs = node.nowMs()
  const aside: HeldCart = {
    id: makeId(nowMs),
    cart,
    heldAt: new Date(nowMs).toISOString(),
    heldBy: person?.name ?? '',
  }
  node.state.setState({ cart: emptyCart, held: [...held, aside] })
  save(node)
  return 'held'
}

/** Goes on with a cart that was put aside; the one of now, if it has lines, is put aside instead. */
export function recallCart(node: TillNode, id: string): void {
  const aside = node.state.getState().held.find((each) => each.id === id)
  if (aside === undefined) return
  // The place of the recalled one is free before another needs it.
  node.state.setState(({ held }) => ({ held: held.filter((each) => each.id !== id) }))
  holdCart(node)
  node.state.setState({ cart: aside.cart })
  save(node)
}

/** Throws a cart that was put aside away. */
export function dropCart(node: TillNode, id: string): void {
  node.state.setState(({ held }) => ({ held: held.filter((each) => each.id !== id) }))
  save(node)
}

// What is written is what stands when the turn comes: a sale that emptied the cart is never undone by a
// write that was asked for before it.
function save(node: TillNode): void {
  node
    .turns(() => {
      const { cart, held } = node.state.getState()
      return node.journal.keep({ cart, held })
    })
    .catch(() => {
      // The cart on the screen stands; an act that needs the disk says that it could not be saved.
    })
}
