/** What a person asked of `npm run sim`. */
export type Asked = {
  readonly mode: 'scenarios' | 'seeds' | 'mutants' | 'recycler'
  readonly json: boolean
  /** How many random worlds. */
  readonly seeds: number
  /** The first seed, or that of the one world or scenario that is replayed. */
  readonly seed: number | undefined
  /** One scenario only. */
  readonly only: number | undefined
  /** How many runs of a cash recycler. */
  readonly recyclers: number
  /** Prints what happened, line by line. */
  readonly trace: boolean
  /** The rest, as `--name value`. */
  readonly options: ReadonlyMap<string, string>
}

/** Reads `--scenarios`, `--seeds 2000`, `--seed 7`, `--mutants`, `--recycler 2000`, `--only 12`, `--trace`, `--json`. */
export function readArguments(args: readonly string[]): Asked {
  const options = new Map<string, string>()
  for (const [index, arg] of args.entries()) {
    if (!arg.startsWith('--')) continue
    const [name = '', given] = arg.slice(2).split('=')
    const next = args[index + 1]
    options.set(name, given ?? (next === undefined || next.startsWith('--') ? '' : next))
  }
  const number = (name: string): number | undefined => {
    const text = options.get(name)
    if (text === undefined) return undefined
    if (!/^[0-9]+$/.test(text)) throw new Error(`--${name} takes a number`)
    return Number(text)
  }
  const modes = ['scenarios', 'mutants', 'recycler'] as const
  const mode = modes.find((one) => options.has(one)) ?? 'seeds'
  return {
    mode,
    json: options.has('json'),
    seeds: number('seeds') ?? 200,
    seed: number('seed'),
    recyclers:
      mode === 'recycler' && options.get('recycler') !== '' ? (number('recycler') ?? 200) : 200,
    only: number('only'),
    trace: options.has('trace'),
    options,
  }
}
