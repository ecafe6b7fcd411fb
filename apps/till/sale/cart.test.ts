import { minor } from '@tillkeeper/core/money/money.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addProduct,
  type Cart,
  cartQuantityMax,
  changeQuantity,
  discountLine,
  emptyCart,
  moveSelection,
  selectedLine,
  undoVoid,
  voidLine,
} from './cart.ts'

const two = addProduct(addProduct(emptyCart, 'coffee', 2_000), 'bread', 1_000)

test('the same product again goes onto its line', () => {
  const cart = addProduct(two, 'coffee', 1_000)
  expect(cart.lines.map(({ productId, quantity }) => [productId, quantity])).toEqual([
    ['coffee', 3_000],
    ['bread', 1_000],
  ])
  expect(selectedLine(cart)?.productId).toBe('coffee')
})

test('a product after a discount gets a line of its own', () => {
  const cart = addProduct(discountLine(two, 1, minor(500)), 'coffee', 1_000)
  expect(cart.lines).toHaveLength(3)
  expect(cart.lines[0]?.discountMinor).toBe(500)
  expect(cart.lines[2]?.discountMinor).toBeUndefined()
})

test('a discount of nothing takes the discount off', () => {
  const cart = discountLine(discountLine(two, 1, minor(500)), 1, minor(0))
  expect(cart.lines[0]).not.toHaveProperty('discountMinor')
})

test('a quantity below one voids the line, and it can be brought back where it stood', () => {
  const without = changeQuantity(two, 1, 0)
  expect(without.lines.map(({ productId }) => productId)).toEqual(['bread'])
  expect(selectedLine(without)?.productId).toBe('bread')
  expect(undoVoid(without).lines).toEqual(two.lines)
  expect(undoVoid(undoVoid(without)).lines).toEqual(two.lines)
})

test('what is done after a void leaves nothing to bring back', () => {
  const cart = addProduct(voidLine(two, 1), 'cake', 1_000)
  expect(undoVoid(cart)).toBe(cart)
})

test('the selection stops at both ends', () => {
  expect(selectedLine(moveSelection(two, 1))?.productId).toBe('bread')
  expect(selectedLine(moveSelection(two, -5))?.productId).toBe('coffee')
  expect(moveSelection(emptyCart, 1)).toBe(emptyCart)
})

test('a quantity has a bound', () => {
  const cart = addProduct(emptyCart, 'coffee', cartQuantityMax + 1)
  expect(cart.lines[0]?.quantity).toBe(cartQuantityMax)
})

type Step = (cart: Cart) => Cart
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ id: fc.constantFrom('a', 'b', 'c'), n: fc.integer({ min: 1, max: 5_000 }) }).map(
    ({ id, n }): Step =>
      (cart) =>
        addProduct(cart, id, n),
  ),
  fc.record({ key: fc.integer({ min: 0, max: 6 }), n: fc.integer({ min: -1, max: 3_000 }) }).map(
    ({ key, n }): Step =>
      (cart) =>
        changeQuantity(cart, key, n),
  ),
  fc.integer({ min: 0, max: 6 }).map(
    (key): Step =>
      (cart) =>
        voidLine(cart, key),
  ),
  fc.constant<Step>(undoVoid),
  fc.record({ key: fc.integer({ min: 0, max: 6 }), n: fc.integer({ min: 0, max: 900 }) }).map(
    ({ key, n }): Step =>
      (cart) =>
        discountLine(cart, key, minor(n)),
  ),
)

test('whatever is pressed, keys stay unique and quantities above zero', () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 40 }), (pressed) => {
      const cart = pressed.reduce((held, step) => step(held), emptyCart)
      const keys = cart.lines.map(({ key }) => key)
      expect(new Set(keys).size).toBe(keys.length)
      for (const { key, quantity } of cart.lines) {
        expect(quantity).toBeGreaterThan(0)
        expect(key).toBeLessThan(cart.nextKey)
      }
    }),
  )
})
