import type { Random } from '../world/random.ts'

// What a machine, a network or somebody on it may do to bytes. Each bend has a name, and is counted under it.

export const bends = [
  'sound',
  'cut',
  'merged',
  'flipped',
  'huge',
  'charset',
  'entities',
  'numbers',
  'shuffled',
  'noise',
  'names',
] as const
export type Bend = (typeof bends)[number]

/** The longest message that is made: several times what a reader takes. */
const hugeBytesMax = 1_500_000
/** One in so many is huge: they take a hundred times as long to make and to read. */
const hugeEvery = 400

export type Bent = { readonly bend: Bend; readonly bytes: Buffer }

/** Bends a sound text in one way; `other` is what it is merged with. The same chance bends it the same way. */
export function bendMessage(rnd: Random, text: string, other: string): Bent {
  if (rnd.below(hugeEvery) === 0) return { bend: 'huge', bytes: makeHuge(rnd, text) }
  const bend = rnd.pick(bends.filter((one) => one !== 'huge'))
  const bytes = acts[bend](rnd, text, other)
  return { bend, bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes }
}

type Act = (rnd: Random, text: string, other: string) => string | Buffer

const acts: Readonly<Record<Exclude<Bend, 'huge'>, Act>> = {
  sound: (_, text) => text,
  cut: (rnd, text) => {
    const [from, to] = [rnd.below(text.length), rnd.below(text.length)]
    // Its end, its beginning, or its middle is gone.
    return rnd.pick([text.slice(0, to), text.slice(from), text.slice(0, from) + text.slice(to)])
  },
  merged: (rnd, text, other) => {
    const at = rnd.below(text.length)
    return rnd.pick([
      text + other,
      `${text}\0${other}`,
      `\u0004${text}${other}\0\0`,
      text.slice(0, at) + other + text.slice(at),
    ])
  },
  flipped: (rnd, text) => {
    const bytes = Buffer.from(text, 'utf8')
    for (let left = rnd.between(1, 12); left > 0 && bytes.length > 0; left -= 1) {
      const at = rnd.below(bytes.length)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << rnd.below(8))
    }
    return bytes
  },
  charset: (rnd, text) => rnd.pick(charsets)(text),
  entities: (rnd, text) => rnd.pick(bombs)(text),
  numbers: (rnd, text) =>
    text.replace(/[0-9]+/g, (digits) => (rnd.chance(0.2) ? rnd.pick(numbers) : digits)),
  shuffled: (rnd, text) => {
    const parts = text.split(/(?=<)|(?<=[,{[])/)
    const from = rnd.below(parts.length)
    const some = parts.slice(from, from + rnd.between(1, 12))
    return [...parts.slice(0, rnd.below(parts.length)), ...rnd.shuffle(some), ...parts.slice(from)]
      .join('')
      .slice(0, 200_000)
  },
  noise: (rnd) => Buffer.from(rnd.bytes(rnd.below(400))),
  names: (rnd, text) => {
    const name = rnd.pick(['__proto__', 'constructor', 'toString', 'xmlns:a', '', 'a:b:c', '์'])
    return text.replace(/(?<=[<"/])[A-Za-z]+/g, (was) => (rnd.chance(0.1) ? name : was))
  },
}

const utf16 = (text: string, mark: readonly number[]) =>
  Buffer.concat([Buffer.from(mark), Buffer.from(text, 'utf16le')])

/** Another encoding than the one that it should be, or than it says. */
const charsets: readonly ((text: string) => Buffer | string)[] = [
  (text) => utf16(text, [0xff, 0xfe]),
  (text) => utf16(text, [0xff, 0xfe]).swap16(),
  (text) => utf16(text, []),
  (text) => Buffer.from(text.replaceAll('THB', '\u00a3\u00ff\u0080'), 'latin1'),
  // Thai by TIS-620, which is no UTF-8.
  (text) => Buffer.from(text.replaceAll(/User|message/g, '\u00a1\u00d2\u00e0'), 'latin1'),
  (text) => `<?xml version="1.0" encoding="UTF-7"?>${text.replaceAll('<', '+ADw-')}`,
  (text) => `<?xml version="1.0" encoding="ISO-2022-JP"?>${text}`,
  // Overlong forms, lone halves of pairs, characters that are none.
  (text) => Buffer.concat([Buffer.from(text), Buffer.from([0xc0, 0xaf, 0xed, 0xa0, 0x80])]),
  (text) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf]), Buffer.from(text)]),
  (text) => text.replaceAll('0', '\ud800').replaceAll('1', '\uffff'),
  (text) => text.replaceAll(/[0-9]/g, (digit) => String.fromCharCode(0x0e50 + Number(digit))),
]

const laughs = Array.from({ length: 12 }, (_, at) => {
  return `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`
}).join('')
const into = (text: string, reference: string) => text.replace(/>([^<]*)</, `>${reference}$1<`)

/** What is made to be small on the wire and large, or elsewhere, when it is read. */
const bombs: readonly ((text: string) => string)[] = [
  (text) => `<!DOCTYPE a [<!ENTITY l0 "ha">${laughs}]>${into(text, '&l12;')}`,
  (text) => `<!DOCTYPE a [<!ENTITY x "${'x'.repeat(20_000)}">]>${into(text, '&x;'.repeat(2_000))}`,
  (text) => `<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>${into(text, '&f;')}`,
  (text) => `<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">${text}`,
  (text) => `<!DOCTYPE a [<!ENTITY % p "<!ENTITY q '&#37;p;'>">%p;]>${text}`,
  (text) => `<?xml version="1.0"?><!dOcTyPe a [<!eNtItY l "x">]>${into(text, '&l;')}`,
  (text) => into(text, '&l9;&#0;&#x110000;&#xD800;&#99999999999;'),
  (text) => into(text, '&amp;'.repeat(3_000)),
  (text) => `<![CDATA[${text}]]>${into(text, '<![CDATA[ ]] > ]]>')}`,
  (text) => `<!--${text}--><?xml-stylesheet href="x"?>${text}<!-- -- -->`,
]

const numbers: readonly string[] = [
  ...['-1', '0', '00', '1.5', '1e9', '0x1F', 'NaN', 'Infinity', ' 7 ', '+7', '', '١٢', '１２'],
  ...['4294967296', '1000000', '1000001', '999999999999999', '9007199254740993', '1000000000000'],
  ...['-999999999999999', '123456789012345678901234567890', `1${'0'.repeat(400)}`, 'true', 'null'],
]

function makeHuge(rnd: Random, text: string): Buffer {
  const to = rnd.between(100_000, hugeBytesMax)
  const fill = (one: string) => one.repeat(Math.ceil(to / one.length))
  const child = '<Denomination cc="THB" fv="100" devid="1"><Piece>1</Piece></Denomination>'
  const depth = Math.ceil(to / 7)
  return Buffer.from(
    rnd.pick<() => string>([
      () => into(text, fill('x')),
      () => into(text, fill('สตางค์')),
      () => into(text, fill(child)),
      () => into(text, fill('<a/>')),
      () => '<a>'.repeat(depth) + '</a>'.repeat(depth),
      () => `<a ${Array.from({ length: to / 10 }, (_, at) => `b${at}="c"`).join(' ')}/>`,
      () => `<a b="${fill('&lt;')}"/>`,
      () => `<${fill('n')}/>`,
      () => `${fill('[')}${fill(']')}`,
      () => fill('{"a":'),
      () => `{"code":0,"data":${'['.repeat(depth / 10)}${']'.repeat(depth / 10)}}`,
      () => `{"code":0,"data":[${fill('{"value":100,"level":1,"currency":"THB"},')}{}]}`,
      () => `{"code":0,"data":{"operation":"${fill('é')}"}}`,
      () => `42["xml receive",${fill('"<a/>",')}""]`,
      () => `42["${fill('\\u0000')}"]`,
      () => fill(`${text}\0`),
    ])(),
    'utf8',
  )
}
