/** What banks write their files in, tried in this order. */
export const encodings = ['utf-8', 'utf-16le', 'windows-874', 'windows-1252'] as const
export type Encoding = (typeof encodings)[number]

/** The text of a file. Bytes that are no letters of the encoding become U+FFFD, and are seen. */
export function decodeFile(bytes: Uint8Array, encoding: Encoding): string {
  const [first, second] = bytes
  // A mark at the start says what it is, whatever was chosen.
  const marked = first === 0xff && second === 0xfe ? 'utf-16le' : encoding
  // Half of the bytes of UTF-16 are zero; what has none of them is something else.
  if (marked === 'utf-16le' && !bytes.subarray(0, 200).includes(0)) return '\uFFFD'
  return new TextDecoder(marked).decode(bytes)
}
