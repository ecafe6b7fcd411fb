import { expect, test } from 'vitest'
import { type DrillName, drills, held, runDrill } from './drills.ts'

// Each disaster of docs/operate, on real processes, as `npm run drill` does it.

test.for(Object.keys(drills) as DrillName[])('%s ends with all data present', async (name) => {
  const said: string[] = []
  const result = await runDrill(name, (line) => said.push(line))
  expect(result, said.join('\n')).toMatchObject({
    ...{ missing: 0, doubled: 0, totals: 'equal', chain: 'ok' },
  })
  expect(held(result)).toBe(true)
  expect(result.sales).toBeGreaterThan(100)
})
