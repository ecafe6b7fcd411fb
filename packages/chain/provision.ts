import { createHash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultLimits, defaultRoles } from '@tillkeeper/core/permission/permission.ts'
import { type ChainPlan, type PersonPlan, planId, type ShopPlan } from './plan.ts'

// Brings a cloud to what a plan says, through its public management API, as an operator would. What
// was sent is remembered, so a second start sends nothing.

export type Cloud = { readonly url: string; readonly adminKey: string }

/** What the chain remembers between starts; it holds a secret. */
type Memory = {
  apiKey?: string
  /** For each thing that was sent, what it said. */
  sent: Record<string, string>
}

export type Provisioned = {
  readonly orgId: string
  /** For integrators: good for every shop. */
  readonly apiKey: string
}

const memoryName = 'chain.json'
/** What the API takes at once. */
const productsMax = 1_000
const answerMs = 60_000

/** Creates or corrects whatever of `plan` the cloud does not have yet. */
export async function provision(
  cloud: Cloud,
  plan: ChainPlan,
  dataDir: string,
): Promise<Provisioned> {
  const memory = await readMemory(dataDir)
  const orgId = planId(plan.name, 'org')
  const send = async (key: string, path: string, body: unknown) => {
    const said = createHash('sha256').update(JSON.stringify(body)).digest('hex')
    if (memory.sent[key] === said) return undefined
    const answer = await askCloud(cloud, path, body)
    memory.sent[key] = said
    return answer
  }
  try {
    await send('org', '/v1/orgs', { id: orgId, name: plan.name })
    for (const [name, permissions] of Object.entries(defaultRoles)) {
      const id = roleId(plan, name)
      const limits = defaultLimits[name as keyof typeof defaultLimits]
      await send(`role ${name}`, '/v1/roles', { orgId, id, name, permissions, limits })
    }
    for (const shop of plan.shops) await sendShop(send, plan, shop)
    for (let from = 0; from < plan.products.length; from += productsMax) {
      await send(
        `products ${from}`,
        '/v1/products',
        plan.products
          .slice(from, from + productsMax)
          .map((product) => describeProduct(plan, product)),
      )
    }
    for (const person of plan.people) {
      await sendPerson(send, plan, { person, shops: plan.shops })
    }
    memory.apiKey ??= await createApiKey(cloud, plan)
  } finally {
    await writeMemory(dataDir, memory)
  }
  return { orgId, apiKey: memory.apiKey }
}

type Send = (key: string, path: string, body: unknown) => Promise<unknown>

export const shopId = (plan: ChainPlan, shop: ShopPlan) => planId(plan.name, 'shop', shop.code)
export const tillId = (plan: ChainPlan, shop: ShopPlan, number: number) =>
  planId(plan.name, 'till', shop.code, number)
export const staffId = (plan: ChainPlan, person: PersonPlan) =>
  planId(plan.name, 'employee', person.number)
export const productId = (plan: ChainPlan, code: string) => planId(plan.name, 'product', code)
const roleId = (plan: ChainPlan, name: string) => planId(plan.name, 'role', name)

async function sendShop(send: Send, plan: ChainPlan, shop: ShopPlan): Promise<void> {
  const { tills, people, ...fields } = shop
  const orgId = planId(plan.name, 'org')
  const id = shopId(plan, shop)
  await send(`shop ${shop.code}`, '/v1/shops', { orgId, id, ...fields, active: true })
  for (const [index, name] of tills.entries()) {
    const number = index + 1
    const till = { orgId, id: tillId(plan, shop, number), shopId: id, number, name, active: true }
    await send(`till ${shop.code} ${number}`, '/v1/tills', till)
  }
  for (const person of people) await sendPerson(send, plan, { person, shops: [shop] })
}

async function sendPerson(
  send: Send,
  plan: ChainPlan,
  { person, shops }: { readonly person: PersonPlan; readonly shops: readonly ShopPlan[] },
): Promise<void> {
  const { role, ...fields } = person
  await send(`person ${person.number}`, '/v1/employees', {
    orgId: planId(plan.name, 'org'),
    id: staffId(plan, person),
    ...fields,
    roles: [roleId(plan, role)],
    shops: shops.map((shop) => shopId(plan, shop)),
    active: true,
  })
}

function describeProduct(plan: ChainPlan, product: ChainPlan['products'][number]) {
  const { currency, priceMinor, ...fields } = product
  return {
    orgId: planId(plan.name, 'org'),
    id: productId(plan, product.code),
    ...fields,
    price: { currency, minor: priceMinor },
    active: true,
  }
}

// The secret is told once. If it was lost before it was remembered, another key is made.
async function createApiKey(cloud: Cloud, plan: ChainPlan): Promise<string> {
  const { secret } = (await askCloud(cloud, '/v1/api-keys', {
    orgId: planId(plan.name, 'org'),
    id: crypto.randomUUID(),
    name: 'integration',
    permissions: plan.keyPermissions,
    shops: plan.shops.map((shop) => shopId(plan, shop)),
  })) as { secret: string }
  return secret
}

/** A code with which one store server joins the chain, within ten minutes. */
export async function createEnrolmentCode(
  cloud: Cloud,
  shop: string,
  { orgId }: Pick<Provisioned, 'orgId'>,
): Promise<string> {
  const path = `/v1/shops/${shop}/enrolment-codes`
  const { code } = (await askCloud(cloud, path, { orgId })) as { code: string }
  return code
}

async function askCloud({ url, adminKey }: Cloud, path: string, body: unknown): Promise<unknown> {
  const reply = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(answerMs),
  })
  const text = await reply.text()
  if (!reply.ok) throw new Error(`the cloud answered ${path} with ${reply.status}: ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

async function readMemory(dataDir: string): Promise<Memory> {
  const text = await readFile(join(dataDir, memoryName), 'utf8').catch(() => undefined)
  return text === undefined ? { sent: {} } : (JSON.parse(text) as Memory)
}

async function writeMemory(dataDir: string, memory: Memory): Promise<void> {
  const file = join(dataDir, memoryName)
  await writeFile(`${file}.new`, `${JSON.stringify(memory)}\n`, { mode: 0o600, flush: true })
  await rename(`${file}.new`, file)
}
