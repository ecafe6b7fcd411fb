import { parseXml, type XmlElement } from '@rgrove/parse-xml'

// XML as the machine reads and writes it: names without their prefixes going in; going out either bare, or as its
// SOAP service qualifies them.

/** An element that came in, by local names. */
export type Element = {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
  readonly text: string
}

/** An element that goes out. */
export type Node = {
  readonly name: string
  readonly attributes?: Readonly<Record<string, string | number>>
  readonly content: string | readonly Node[]
}

export const node = (
  name: string,
  content: string | number | readonly Node[] = '',
  attributes?: Node['attributes'],
): Node => ({
  name,
  content: typeof content === 'number' ? String(content) : content,
  ...(attributes && { attributes }),
})

const local = (name: string) => name.slice(name.indexOf(':') + 1)

/** Reads one document; `undefined` for what is none. */
export function readElement(text: string): Element | undefined {
  try {
    const { root } = parseXml(text.replaceAll('\0', '').trim())
    return root === null ? undefined : convert(root)
  } catch {
    return undefined
  }
}

function convert(element: XmlElement): Element {
  const children = element.children.filter((child) => child.type === 'element') as XmlElement[]
  return {
    name: local(element.name),
    attributes: Object.fromEntries(
      Object.entries(element.attributes).map(([name, value]) => [local(name), value.trim()]),
    ),
    children: children.map(convert),
    text: element.text.trim(),
  }
}

export const childOf = (element: Element | undefined, name: string): Element | undefined =>
  element?.children.find((child) => child.name === name)
export const textOf = (element: Element | undefined, name: string): string | undefined =>
  childOf(element, name)?.text

/** What the schema declares for all: these are qualified, and all else only where it is the root. */
const declared = new Set(
  (
    'Id SeqNo SessionID User UserPwd DeviceName CustomId Amount RoundedAmount ManualDeposit Piece Code Url Port ' +
    'TillID ComStatus SerialNo Language ResultCode'
  ).split(' '),
)

/** As an event or over the socket: no prefix anywhere. */
export function writeBare({ name, attributes, content }: Node): string {
  const inner = typeof content === 'string' ? escapeText(content) : content.map(writeBare).join('')
  const open = `<${name}${writeAttributes(attributes, '')}`
  return inner === '' ? `${open}/>` : `${open}>${inner}</${name}>`
}

/** As the answer of the SOAP service. */
export function writeSoap(body: Node): string {
  return (
    '<?xml version="1.0" encoding="utf-8"?>' +
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">' +
    `<soapenv:Body>${writeQualified(body, true)}</soapenv:Body></soapenv:Envelope>`
  )
}

function writeQualified({ name, attributes, content }: Node, isRoot = false): string {
  // A level in a denomination is declared for all; the structure of the same name is not.
  const isDeclared = declared.has(name) || (name === 'Status' && typeof content === 'string')
  const full = isRoot || isDeclared ? `n:${name}` : name
  const space = isRoot ? ' xmlns:n="http://www.glory.co.jp/bruebox.xsd"' : ''
  const inner =
    typeof content === 'string'
      ? escapeText(content)
      : content.map((child) => writeQualified(child)).join('')
  return `<${full}${space}${writeAttributes(attributes, 'n:')}>${inner}</${full}>`
}

export function writeFault(code: string, text: string): string {
  return (
    '<?xml version="1.0" encoding="utf-8"?>' +
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><soapenv:Fault>' +
    `<faultcode>soapenv:${code}</faultcode><faultstring>${escapeText(text)}</faultstring>` +
    '</soapenv:Fault></soapenv:Body></soapenv:Envelope>'
  )
}

function writeAttributes(attributes: Node['attributes'], prefix: string): string {
  return Object.entries(attributes ?? {})
    .map(([name, value]) => ` ${prefix}${name}="${escapeText(String(value))}"`)
    .join('')
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
