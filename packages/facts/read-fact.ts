import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { catalogue, type FactTypeEntry, type KnownFact } from './catalogue/catalogue.ts'
import { Day, Instant, Strict, Text, Uuid } from './catalogue/parts.ts'
import { type Hlc, hlcPattern } from './seal/hlc.ts'
import { type Fact, factBytesMax } from './seal/seal.ts'

/** What every fact says, whatever its type: enough to keep, ack and relay one we do not understand. */
export const Envelope = Strict({
  id: Uuid<string>(),
  org: Uuid<string>(),
  author: Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' }),
  epoch: Type.String({ pattern: '^[0-9]{1,9}[.][0-9]{1,9}$' }),
  seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  hlc: Type.Unsafe<Hlc>(Type.String({ pattern: hlcPattern })),
  type: Type.String({ pattern: '^[a-z]{1,30}[.][a-z_]{1,30}$' }),
  v: Type.Integer({ minimum: 1, maximum: 1_000 }),
  scope: Text(60, 1),
  actor: Text(80, 1),
  occurredAt: Instant,
  businessDate: Day,
  keys: Type.Array(Text(80, 1), { maxItems: 50 }),
  refs: Type.Array(Uuid<string>(), { maxItems: 50 }),
  body: Type.Unknown(),
})

/** What some bytes turned out to be. */
export type ReadFact =
  | { readonly kind: 'known'; readonly fact: KnownFact }
  /** A type or version newer than this program: kept, acknowledged and relayed, not projected. */
  | { readonly kind: 'unknown'; readonly fact: Fact }
  /** Well-formed outside, but its body is not what its type promises: kept, and parked. */
  | { readonly kind: 'malformed'; readonly fact: Fact; readonly reason: 'bad_body' }
  /** Not a fact at all: nothing is kept. */
  | {
      readonly kind: 'refused'
      readonly reason: 'not_utf8' | 'not_json' | 'bad_envelope' | 'too_large'
    }

/** How a catalogue of fact types is read. */
export type FactReader = {
  /** Reads stored or received bytes into the newest shape of the fact. It never throws on any input. */
  readonly readFact: (bytes: Uint8Array) => ReadFact
  /** Lifts a fact to its type's newest version and checks its body there. */
  readonly upcast: (fact: Fact) => ReadFact
}

const envelope = Compile(Envelope)
// A byte order mark is kept, so that it is no JSON: the same fact has the same bytes.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Makes a reader of fact types. Apart from tests there is one, of the catalogue. */
export function createFactReader(types: Readonly<Record<string, FactTypeEntry>>): FactReader {
  const entries = new Map(
    Object.entries(types).map(([type, entry]) => {
      const compiled = Compile(entry.body)
      return [type, { ...entry, check: (body: unknown) => compiled.Check(body) }]
    }),
  )

  const upcast = (fact: Fact): ReadFact => {
    const entry = entries.get(fact.type)
    if (entry === undefined || fact.v > entry.v) return { kind: 'unknown', fact }
    let { body } = fact
    try {
      // An upcast is total over its own version only; a body that never fitted may make it throw.
      for (const step of entry.upcasts.slice(fact.v - 1)) body = step(body)
    } catch {
      return { kind: 'malformed', fact, reason: 'bad_body' }
    }
    if (!entry.check(body)) return { kind: 'malformed', fact, reason: 'bad_body' }
    return { kind: 'known', fact: { ...fact, v: entry.v, body } as KnownFact }
  }

  return { readFact: (bytes) => readEnvelope(bytes, upcast), upcast }
}

export const { readFact, upcast } = createFactReader(catalogue)

function readEnvelope(bytes: Uint8Array, upcastFact: (fact: Fact) => ReadFact): ReadFact {
  if (bytes.length > factBytesMax) return { kind: 'refused', reason: 'too_large' }
  let text: string
  let parsed: unknown
  try {
    text = utf8.decode(bytes)
  } catch {
    return { kind: 'refused', reason: 'not_utf8' }
  }
  try {
    parsed = JSON.parse(text)
  } catch {
    return { kind: 'refused', reason: 'not_json' }
  }
  if (!envelope.Check(parsed)) return { kind: 'refused', reason: 'bad_envelope' }
  return upcastFact(parsed as Fact)
}
