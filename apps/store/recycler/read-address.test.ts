import { expect, test } from 'vitest'
import { readAddress } from './read-address.ts'

test.each([
  ['192.168.0.25', { host: '192.168.0.25', line: 'probe' }, { port: 50_301, secure: true }],
  ['recycler-1.shop', { line: 'probe' }, { host: 'recycler-1.shop' }],
  ['wss://10.0.0.9', { line: 'socket', secure: true }, { secure: true }],
  ['ws://10.0.0.9:3100/', { line: 'socket', secure: false, ports: { socket: 3100 } }, {}],
  ['wss://10.0.0.9:443', { ports: { secureSocket: 443 } }, { port: 443 }],
  ['https://10.0.0.9:8443', { line: 'soap', ports: { https: 8443 } }, { port: 8443, secure: true }],
  ['http://10.0.0.9', { line: 'soap', secure: false }, { port: 80, secure: false }],
  ['http://10.0.0.9:80?events=0', { ports: { http: 80 }, eventPort: 0 }, { port: 80 }],
  ['http://[fe80::1]:81', { host: 'fe80::1', ports: { http: 81 } }, { host: 'fe80::1', port: 81 }],
])('%s', (text, glory, rest) => {
  expect(readAddress(text)).toMatchObject({ glory, rest })
})

test.each([
  ...['', ' ', 'ftp://10.0.0.9', 'http://', 'http://me:secret@10.0.0.9', 'http://10.0.0.9/path'],
  ...['http://10.0.0.9:99999', 'http://10.0.0.9?events=70000', 'http://10.0.0.9?a=b', 'a b', '-x'],
  ...['http://10.0.0.9#x', 'http://-x', 'javascript:alert(1)', '10.0.0.9:3000'],
])('“%s” is no address', (text) => {
  expect(readAddress(text)).toBeUndefined()
})
