import type { PersonPlan } from '@tillkeeper/chain/plan.ts'
import type { Chain, ChainStore } from '@tillkeeper/chain/start-chain.ts'
import type { CounterMachine } from './counter-machines.ts'

/** Where everything of a demo chain is and how one gets in: a text for a terminal. */
export function describeChain(
  chain: Chain,
  machines: readonly CounterMachine[],
  dataDir: string,
): string {
  const { plan, cloud, stores, apiKey } = chain
  return [
    '',
    `${plan.name}: all shops`,
    ...rows([
      ['Office', `${cloud.url}/office/`],
      ['API', `${cloud.url}/docs`],
    ]),
    ...people(plan.people),
    ...stores.flatMap((store) => describeStore(store, plan.people, machines)),
    '',
    'For integrators',
    ...rows([
      ['API key', apiKey],
      ['Admin key', `in ${cloud.dataDir}/admin-key`],
      ['Data', dataDir],
    ]),
    '',
    'A browser becomes a till once: open the till, and a manager or the owner chooses which.',
    '',
  ].join('\n')
}

function describeStore(
  { shop, url }: ChainStore,
  owners: readonly PersonPlan[],
  machines: readonly CounterMachine[],
): string[] {
  const machine = machines.find((one) => one.shop.code === shop.code)
  const tills = shop.tills.map((name, index) => `${index + 1} ${name}`).join(', ')
  return [
    '',
    `${shop.code} ${shop.name}`,
    ...rows([
      ['Till', `${url}/till/   (${tills})`],
      ['Office', `${url}/office/`],
      ['API', `${url}/docs`],
      ...(machine === undefined
        ? []
        : [['Cash machine', `${machine.pageUrl}   (put notes in, and take the change)`] as const]),
    ]),
    ...people([...shop.people, ...owners]),
  ]
}

function people(all: readonly PersonPlan[]): string[] {
  return rows(
    all.map(({ name, role, number, pin, login, password }) => [
      `${name}, ${role}`,
      `number ${number}, PIN ${pin}${login === undefined ? '' : `; office: ${login} / ${password}`}`,
    ]),
  )
}

function rows(all: readonly (readonly [string, string])[]): string[] {
  const width = 18
  return all.map(([name, value]) => `  ${name.padEnd(width)} ${value}`)
}
