import { parseXml, XmlElement, XmlText } from '@rgrove/parse-xml'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'

// The XML of the machine, read with tolerance for what its makes differ in (prefixes, case, two roots in one
// message) and none for what nobody sends in good faith (declarations of types or entities, depth, size).

/** One element: names without prefix and in lower case, since makes differ in both. */
export type Element = {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly Element[]
  /** Its own text, without white space around it. */
  readonly text: string
}

/** 512 kB: an inventory of a full machine is about 20 kB, a file of settings 200. */
export const xmlBytesMax = 512 * 1024
/** The deepest message of the protocol has 8 levels with its envelope. */
export const xmlDepthMax = 32
/** Elements of one message: an inventory has about 600. */
export const xmlElementsMax = 20_000

export type XmlRefusal = { readonly code: 'too_long' | 'too_deep' | 'hostile' | 'malformed' }

// A byte order mark, the packet type of a Socket.IO message (0x04), the NUL that ends a frame, and whatever
// else XML 1.0 (section 2.2) has no way to write.
const noise = /[^\P{Cc}\t\n\r]|[\uFEFF\uFFFE\uFFFF]/gu
const declaration = /^<\?xml[^>]*\?>/

/**
 * Reads a message: one root, or several one after the other, which some firmware sends. It never throws and its
 * work is bounded by the length of the text.
 */
export function readXml(text: string): Outcome<readonly Element[], XmlRefusal> {
  if (text.length > xmlBytesMax) return refused({ code: 'too_long' })
  const body = text.replace(noise, '').trim().replace(declaration, '')
  // A message has no use for a type declaration; every attack by entities begins with one.
  if (body.includes('<!DOCTYPE') || body.includes('<!ENTITY')) return refused({ code: 'hostile' })
  const depth = measure(body)
  if (depth === undefined) return refused({ code: 'too_deep' })
  try {
    const { root } = parseXml(`<all>${body}</all>`)
    const roots = root === null ? [] : readElement(root).children
    return roots.length === 0 ? refused({ code: 'malformed' }) : accepted(roots)
  } catch {
    return refused({ code: 'malformed' })
  }
}

/**
 * An estimate of how deep tags nest, made before the parser is let at them; `undefined` where deeper or more than
 * we read. Tags made to deceive it end in the parser, whose own bound (the stack) is caught above.
 */
function measure(body: string): number | undefined {
  let depth = 0
  let deepest = 0
  let elements = 0
  let close = 0
  for (let at = body.indexOf('<'); at !== -1; at = body.indexOf('<', at + 1)) {
    const next = body.charCodeAt(at + 1)
    if (next === 0x2f) depth -= 1
    else if (next !== 0x21 && next !== 0x3f) {
      elements += 1
      // Looked for once, however many tags have no end of their own.
      if (close !== -1 && close < at) close = body.indexOf('>', at)
      if (close !== -1 && body.charCodeAt(close - 1) === 0x2f) continue
      depth += 1
      deepest = Math.max(deepest, depth)
      if (deepest > xmlDepthMax || elements > xmlElementsMax) return undefined
    }
  }
  return deepest
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1).toLowerCase()

function readElement(element: XmlElement): Element {
  const children: Element[] = []
  let text = ''
  for (const child of element.children) {
    if (child instanceof XmlElement) children.push(readElement(child))
    else if (child instanceof XmlText) text += child.text
  }
  const attributes = new Map(
    Object.entries(element.attributes).map(([name, value]) => [localName(name), value.trim()]),
  )
  return { name: localName(element.name), attributes, children, text: text.trim() }
}

/** The first child of a name, and those of a name: `name` in lower case. */
export const childOf = (element: Element | undefined, name: string) =>
  element?.children.find((child) => child.name === name)
export const childrenOf = (element: Element | undefined, name: string) =>
  element?.children.filter((child) => child.name === name) ?? []

/** The text of a child, `undefined` where it is not there or empty. */
export function textOf(element: Element | undefined, name: string): string | undefined {
  const text = childOf(element, name)?.text
  return text === '' ? undefined : text
}

/** A whole number as text, `undefined` for anything else: `1.5`, an empty text, more than a number holds. */
export function wholeOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^-?[0-9]{1,15}$/.test(text)) return undefined
  return Number(text)
}

/** What is to be written: a tree with the machine's own names. */
export type Out = {
  readonly name: string
  readonly attributes?: Readonly<Record<string, string | number>>
  readonly content: string | readonly Out[]
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}
const escapeText = (text: string) =>
  text.replace(noise, '').replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)

const globals: ReadonlySet<string> = new Set(
  (
    'Id SeqNo SessionID User UserPwd DeviceName CustomId Amount RoundedAmount ManualDeposit Piece Status Code ' +
    'Url Port TillID OccupyImg ComStatus SerialNo Date Language Group Password NewPassword UpdateTarget ResultCode'
  ).split(' '),
)
/** Whether the schema declares an element globally: roots, and those of one value on its list. */
function isGlobal(name: string, content: Out['content']): boolean {
  return /(Request|Response)$/.test(name) || (globals.has(name) && typeof content === 'string')
}

/**
 * Writes a tree. With `prefix`, as SOAP wants it: attributes and what the schema declares globally bear it,
 * local elements none (WSDL of the service, no `elementFormDefault`). Without, as events and sockets want it.
 */
export function writeXml({ name, attributes = {}, content }: Out, prefix?: string): string {
  const qualified = prefix === undefined ? '' : `${prefix}:`
  const tag = `${isGlobal(name, content) ? qualified : ''}${name}`
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${qualified}${key}="${escapeText(String(value))}"`)
    .join('')
  const inner =
    typeof content === 'string'
      ? escapeText(content)
      : content.map((child) => writeXml(child, prefix)).join('')
  return inner === '' ? `<${tag}${written}/>` : `<${tag}${written}>${inner}</${tag}>`
}
