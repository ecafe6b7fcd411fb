import { expect, test } from 'vitest'
import { decodeFile, type Encoding, encodings } from './decode-file.ts'

const found = (bytes: Uint8Array): Encoding | undefined =>
  encodings.find((encoding) => !decodeFile(bytes, encoding).includes('\uFFFD'))

test('the letters of a file are found by trying', () => {
  const text = 'วันที่,ฝาก'
  expect(found(new TextEncoder().encode(text))).toBe('utf-8')
  // TIS-620: a letter of Thai is its place in Unicode less 0x0D60.
  const thai = Uint8Array.from(text, (sign) => {
    const code = sign.charCodeAt(0)
    return code < 0x80 ? code : code - 0x0d60
  })
  expect(found(thai)).toBe('windows-874')
  expect(decodeFile(thai, 'windows-874')).toBe(text)
  const wide = new Uint8Array(Buffer.from(`\uFEFF${text}`, 'utf16le'))
  expect(found(wide)).toBe('utf-8')
  expect(decodeFile(wide, 'utf-8')).toBe(text)
})
