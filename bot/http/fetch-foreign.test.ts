import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { LookupAddress } from 'node:dns'
import { fakePlatform, type FakePlatform } from '../testing/fake-platform.ts'
import { readAll } from './bounded-body.ts'
import { createForeignFetch } from './fetch-foreign.ts'
import { AddressRefused, isPublicAddress, publicLookup } from './public-address.ts'

describe('S9 public addresses', () => {
  const inside =
    '0.0.0.0 10.1.2.3 100.64.0.1 100.100.100.200 127.0.0.1 127.9.9.9 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.168.1.1 198.18.0.1 ' +
    '203.0.113.9 224.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 fc00::1 fd12::1 fe80::1 ff02::1 2001:db8::1 2001::1 2002:7f00:1::'
  test.each(inside.split(' '))('%s is not', (address) => expect(isPublicAddress(address)).toBe(false))
  test.each(['1.1.1.1', '8.8.8.8', '101.32.104.1', '172.32.0.1', '2606:4700::1111', '2408:8000::1'])('%s is', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  )
})

describe('S9 names', () => {
  const lookup = (addresses: LookupAddress[], options = {}) =>
    new Promise<unknown[]>((resolve) =>
      publicLookup((_host, _options, done) => done(null, addresses))('host', options, (...answer) => resolve(answer)),
    )

  test('the address that was judged is the one that is connected to', async () => {
    const addresses = [{ address: '1.1.1.1', family: 4 }]
    expect(await lookup(addresses, { all: true })).toEqual([null, addresses])
    expect(await lookup(addresses)).toEqual([null, '1.1.1.1', 4])
  })

  test('one private address among public ones refuses the name', async () => {
    const [error] = await lookup([
      { address: '1.1.1.1', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ])
    expect(error).toBeInstanceOf(AddressRefused)
  })
})

describe('S9 fetching what a stranger named', () => {
  const strict = createForeignFetch({ allowLoopback: false })
  const development = createForeignFetch({ allowLoopback: true })
  const rebinding = createForeignFetch({
    allowLoopback: false,
    resolve: (_host, _options, done) => done(null, [{ address: '169.254.169.254', family: 4 }]),
  })
  let host: FakePlatform
  beforeAll(async () => {
    host = await fakePlatform((_request, response) => response.end('a picture'))
  })
  afterAll(async () => {
    await Promise.all([strict.close(), development.close(), rebinding.close(), host.close()])
  })

  test.each([
    'http://1.1.1.1/a.jpg',
    'file:///etc/passwd',
    'gopher://1.1.1.1/',
    'ftp://1.1.1.1/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://169.254.169.254/latest/meta-data',
    'https://user:password@1.1.1.1/',
    'no address at all',
  ])('%s is refused', async (address) => {
    await expect(strict.fetch(address)).rejects.toMatchObject({ name: 'PermanentFailure', reason: 'media_refused' })
  })

  test('a public name that resolves to the metadata service is refused', async () => {
    await expect(rebinding.fetch('https://pictures.example/a.jpg')).rejects.toMatchObject({ reason: 'media_refused' })
  })

  test('this machine is open to a simulator outside production alone', async () => {
    const { status, stream } = await development.fetch(`${host.url}/a.jpg`)
    expect([status, String(await readAll(stream, 100))]).toEqual([200, 'a picture'])
    await expect(strict.fetch(`${host.url}/a.jpg`)).rejects.toMatchObject({ reason: 'media_refused' })
  })

  test('a redirect is followed three times and judged anew each time', async () => {
    host.answer = ({ url }, response) => {
      const left = Number(url.slice(1))
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end()
      else response.end('arrived')
    }
    const { stream } = await development.fetch(`${host.url}/3`)
    expect(String(await readAll(stream, 100))).toBe('arrived')
    await expect(development.fetch(`${host.url}/4`)).rejects.toMatchObject({ reason: 'media_refused' })
    host.answer = (_request, response) => response.writeHead(302, { location: 'https://10.0.0.1/' }).end()
    await expect(development.fetch(host.url)).rejects.toMatchObject({ reason: 'media_refused' })
  })

  test('more than the allowed size ends the stream', async () => {
    host.answer = (_request, response) => response.end(Buffer.alloc(3000))
    const { stream } = await development.fetch(host.url, { maxBytes: 1000 })
    await expect(readAll(stream, 10_000)).rejects.toMatchObject({ reason: 'media_refused' })
  })
})
