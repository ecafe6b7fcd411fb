import { setTimeout as wait } from 'node:timers/promises'
import type { LiveRecycler } from '@tillkeeper/client/api/recycler-shapes.ts'
import { type ChainPlan, planId, type ShopPlan } from './plan.ts'
import { tillId } from './provision.ts'

// Says to a shop's own server which cash machine stands on its counter, as its manager would: only that server talks
// to it. All tills may ask it.

export type RegisterRecycler = {
  readonly storeUrl: string
  readonly plan: ChainPlan
  readonly shop: ShopPlan & { readonly id: string }
  readonly name: string
  readonly driver: 'glory' | 'rest'
  readonly address: string
  /** What the machine's own users are called, where it asks. */
  readonly login?: { readonly user: string; readonly password: string }
}

const answerMs = 30_000
const linkMs = 60_000
const lookMs = 250

export const recyclerId = (plan: ChainPlan, { code }: ShopPlan, name: string) =>
  planId(plan.name, 'recycler', code, name)

/** A way to ask a server as one of its people. */
type AskAs = <Body>(method: string, path: string, body?: unknown) => Promise<Body>

/** Logs in at a server as one of the plan who looks after a shop. */
export async function logIn(
  url: string,
  plan: ChainPlan,
  shop: ShopPlan,
): Promise<{ readonly accessToken: string }> {
  const known = [...shop.people, ...plan.people].find(
    ({ role, password }) => role !== 'cashier' && password !== undefined,
  )
  if (known === undefined) throw new Error(`nobody of ${shop.name} has a password`)
  const { login, password } = known
  return ask(url, 'POST', '/v1/auth/password', { body: { login, password } })
}

async function logInAs(url: string, plan: ChainPlan, shop: ShopPlan): Promise<AskAs> {
  const { accessToken } = await logIn(url, plan, shop)
  return (method, path, body) => ask(url, method, path, { body, token: accessToken })
}

async function ask<Body>(
  url: string,
  method: string,
  path: string,
  { body, token }: { readonly body?: unknown; readonly token?: string },
): Promise<Body> {
  const reply = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(answerMs),
  })
  const text = await reply.text()
  if (!reply.ok) throw new Error(`${method} ${path} was answered with ${reply.status}: ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as Body
}

/**
 * Registers the machine, waits until the server has its line, and writes down what is in it if nobody ever counted it.
 * Said again with the same words it changes nothing. Returns the machine's id.
 */
export async function registerRecycler(asked: RegisterRecycler): Promise<string> {
  const { storeUrl, plan, shop, name, driver, address, login } = asked
  const id = recyclerId(plan, shop, name)
  const path = `/v1/recyclers/${id}`
  const say = await logInAs(storeUrl, plan, shop)
  const tills = shop.tills.map((_, index) => tillId(plan, shop, index + 1))
  const terms = { shopId: shop.id, name, driver, address, currencies: [shop.currency], tills }
  const { items } = await say<{ items: readonly (typeof terms & { readonly id: string })[] }>(
    'GET',
    `/v1/recyclers?shopId=${shop.id}`,
  )
  const held = items.find((one) => one.id === id)
  if (login !== undefined) await say('PUT', `${path}/secret`, login)
  if (held === undefined || !sameTerms(held, terms)) {
    await say('PUT', path, { ...terms, active: true })
  }
  const stock = await waitForStock(say, shop.id, id)
  const { known } = await say<{ known: boolean }>('GET', path)
  if (!known && stock !== undefined) {
    const counted = { id: planId(plan.name, 'first count', id), counted: stock }
    await say('POST', `${path}/resolve`, { ...counted, reason: 'as it was set up' })
  }
  return id
}

type Terms = Readonly<Record<'name' | 'driver' | 'address', string>> & {
  readonly tills: readonly string[]
}
const sameTerms = (a: Terms, b: Terms) =>
  [a, b]
    .map(({ name, driver, address, tills }) =>
      JSON.stringify([name, driver, address, [...tills].sort()]),
    )
    .every((text, _, [first]) => text === first)

/** What it holds, once it rests; nothing where it does not come to rest. */
async function waitForStock(say: AskAs, shopId: string, id: string) {
  for (let waited = 0; waited < linkMs; waited += lookMs) {
    const path = `/v1/recyclers/live?shopId=${shopId}`
    const { items } = await say<{ items: readonly LiveRecycler[] }>('GET', path)
    const live = items.find(({ recyclerId: of }) => of === id)
    if (live?.at === 'idle' && live.stock !== null) return live.stock
    await wait(lookMs)
  }
  return undefined
}
