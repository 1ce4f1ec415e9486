import { expect, test } from '@jest/globals'
import { createAddressReader, networkOf } from './client-address.ts'

const read = createAddressReader(['10.0.0.0/8', '127.0.0.1'])

test('a stranger’s X-Forwarded-For is not believed', () => {
  expect(read('203.0.113.9', '1.2.3.4')).toBe('203.0.113.9')
})

test('a trusted proxy names the client, and what the client wrote before it does not count', () => {
  expect(read('10.1.1.1', '1.2.3.4, 198.51.100.7')).toBe('198.51.100.7')
  expect(read('::ffff:127.0.0.1', '198.51.100.7, 10.2.2.2')).toBe('198.51.100.7')
})

test('rubbish in the header ends the chain', () => {
  expect(read('10.1.1.1', 'not-an-address')).toBe('10.1.1.1')
})

test('all addresses of one IPv6 network count as one, however they are written', () => {
  expect(networkOf('2001:db8:1:2:aaaa::1')).toBe(networkOf('2001:0db8:0001:0002::ffff'))
  expect(networkOf('2001:db8:1:3::1')).not.toBe(networkOf('2001:db8:1:2::1'))
  expect(networkOf('203.0.113.9')).toBe('203.0.113.9')
})
