import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { type StaffClient, startTestApp, type TestApp, type WebCustomer } from '../harness.ts'

let it: TestApp
let agent: StaffClient
let customer: WebCustomer
let png: Buffer

beforeAll(async () => {
  it = await startTestApp({ roles: ['api', 'bot'] })
  agent = await it.staff('agent')
  customer = await it.webCustomer((await it.connectWeb()).id)
  png = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#fff' } })
    .png()
    .toBuffer()
})
afterAll(() => it.stop())

/** Claims to be 30,000 × 30,000 and is a few hundred bytes. */
function pixelBomb(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const framed = Buffer.alloc(body.length + 8)
    framed.writeUInt32BE(data.length, 0)
    body.copy(framed, 4)
    framed.writeUInt32BE(crc32(body), body.length + 4)
    return framed
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(30_000, 0)
  head.writeUInt32BE(30_000, 4)
  head.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.alloc(90_001))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
const HTML = '<!doctype html><script>alert(1)</script>'
const refused: [string, string, () => Buffer | string, string][] = [
  ['an SVG', 'a.svg', () => SVG, 'file_type_refused'],
  ['an SVG that says it is a PNG', 'a.png', () => SVG, 'file_type_refused'],
  ['a page', 'a.html', () => HTML, 'file_type_refused'],
  ['a page that says it is text', 'a.txt', () => `hello\n${HTML}`, 'file_type_refused'],
  ['XML', 'a.xml', () => '<?xml version="1.0"?><x/>', 'file_type_refused'],
  ['a program', 'a.png', () => Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), Buffer.alloc(64)]), 'file_type_refused'],
  ['a picture that is also a page', 'a.gif', () => Buffer.from(`GIF89a/*<html><script>alert(1)</script>*/`, 'latin1'), 'file_type_refused'],
  ['half a picture', 'a.png', () => png.subarray(0, 40), 'file_type_refused'],
  ['bytes that are nothing', 'a.bin', () => Buffer.alloc(100, 0xfe), 'file_type_refused'],
  ['text that is not UTF-8', 'a.txt', () => Buffer.from([0x41, 0xc3, 0x28, 0x41]), 'file_type_refused'],
  ['an empty file', 'a.txt', () => '', 'file_empty'],
  ['a picture of a billion pixels', 'a.png', pixelBomb, 'image_too_large'],
]

describe('S5 what a file is, its bytes decide', () => {
  test.each(refused)('%s is refused, from staff and customers alike, and nothing is kept', async (_what, name, data, code) => {
    const before = await it.process.app.db('attachments').count()
    for (const [client, path] of [
      [agent, '/attachments'],
      [customer, '/web/attachments'],
    ] as const) {
      const answer = await client.upload(path, { name, data: data(), mime: 'image/png' })
      expect([answer.status, answer.body.error?.code]).toEqual([400, code])
    }
    expect(await it.process.app.db('attachments').count()).toEqual(before)
  })

  test('the claimed type is not believed: a PDF that says it is a picture is a file to save', async () => {
    const pdf = Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n')
    const { status, body } = await agent.upload('/attachments', { name: 'a.png', data: pdf, mime: 'image/png' })
    expect(status).toBe(201)
    expect(body.data).toMatchObject({ kind: 'file', mime: 'application/pdf', thumbnailUrl: null })
    const { headers } = await agent.download(body.data.url)
    expect(headers.get('content-disposition')).toMatch(/^attachment;/)
  })

  test('a photo loses where and with what it was taken, and keeps its way up', async () => {
    const photo = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#fff' } })
      .withExif({ IFD0: { Copyright: 'somebody' }, IFD3: { GPSLatitude: '31/1 12/1 0/1', GPSLatitudeRef: 'N' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    expect((await sharp(photo).metadata()).exif).toBeDefined()
    const { body } = await agent.upload('/attachments', { name: 'photo.jpg', data: photo })
    const { data } = await agent.download(body.data.url)
    expect((await sharp(data).metadata()).exif).toBeUndefined()
    expect(data.includes('somebody')).toBe(false)
    expect(body.data).toMatchObject({ width: 40, height: 60 })
  })

  test('past twenty megabytes it is too large, at the limit it is not', async () => {
    const text = (bytes: number) => Buffer.alloc(bytes, 'a')
    const large = await agent.upload('/attachments', { name: 'a.txt', data: text(20 * 1024 * 1024 + 1) })
    expect([large.status, large.body.error.code]).toEqual([413, 'payload_too_large'])
    const most = await agent.upload('/attachments', { name: 'a.txt', data: text(20 * 1024 * 1024) })
    expect([most.status, most.body.data?.sizeBytes]).toEqual([201, 20 * 1024 * 1024])
  })
})

describe('S6 names', () => {
  test.each(['../../etc/passwd.txt', '/etc/passwd.txt', '..\\..\\boot.txt', 'a\u0001b.txt', '..'])(
    '%j never becomes a path',
    async (name) => {
      const { status, body } = await agent.upload('/attachments', { name, data: 'hello' })
      expect([201, 400]).toContain(status)
      if (status === 201) expect(body.data.name).toMatch(/^[\w ]+\.txt$/)
      else expect(['file_name_refused', 'file_type_refused']).toContain(body.error.code)
      const keys: string[] = await it.process.app.db('attachments').pluck('storage_key')
      expect(keys.filter((key) => !/^[\da-f-]{36}-o$/.test(key))).toEqual([])
    },
  )

  test('a name cannot break out of the header, turn around its ending, or be endless', async () => {
    const { body } = await agent.upload('/attachments', { name: `报价"单%0d%0aSet-Cookie: a=b\u202egpj.txt`, data: 'hello' })
    expect(body.data.name).not.toContain('\u202e')
    const { headers, status } = await agent.download(body.data.url)
    expect(status).toBe(200)
    expect(headers.get('set-cookie')).toBeNull()
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''[\w.%~!$&+^`|-]+$/)
    const long = await agent.upload('/attachments', { name: `${'长'.repeat(400)}.txt`, data: 'hello' })
    expect(long.body.data.name).toHaveLength(200)
    expect(long.body.data.name.endsWith('.txt')).toBe(true)
  })
})

describe('serving', () => {
  test('bytes come with a type that is kept to, in a sandbox, for this reader alone', async () => {
    const { body } = await agent.upload('/attachments', { name: '图.png', data: png })
    for (const url of [body.data.url, body.data.thumbnailUrl]) {
      const { headers } = await agent.download(url)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'unsafe-inline'; sandbox")
      expect(headers.get('cache-control')).toBe('private, max-age=3600')
      expect(headers.get('content-disposition')).toMatch(/^inline;/)
      expect(headers.get('content-type')).toMatch(/^image\/(png|jpeg)$/)
    }
  })

  test('S1 nobody else opens it: not a colleague, not a customer, not without a session', async () => {
    const { body } = await agent.upload('/attachments', { name: 'a.png', data: png })
    const { url } = body.data
    const [colleague, admin] = [await it.staff('agent'), await it.staff('admin')]
    expect((await colleague.download(url)).status).toBe(404)
    // Not part of any conversation yet: its uploader's alone.
    expect((await admin.download(url)).status).toBe(404)
    expect((await customer.download(url)).status).toBe(401)
    expect((await it.anonymous().download(url)).status).toBe(401)
    expect((await it.anonymous().download(`/files/${body.data.id}/original?expires=99999999999&signature=x`)).status).toBe(404)
  })

  test('S23 a customer’s link is good for this file and variant, until it expires', async () => {
    const { body } = await customer.upload('/web/attachments', { name: 'a.png', data: png })
    const { url, thumbnailUrl } = body.data as { url: string; thumbnailUrl: string }
    expect((await it.anonymous().download(url)).status).toBe(200)
    expect((await it.anonymous().download(thumbnailUrl)).status).toBe(200)
    expect((await it.anonymous().download(url.replace('/original', '/thumbnail'))).status).toBe(404)
    expect((await it.anonymous().download(url.replace(/expires=(\d+)/, (_all, seconds) => `expires=${Number(seconds) + 1}`))).status).toBe(
      404,
    )
    await it.travel(26 * 3_600_000)
    expect((await it.anonymous().download(url)).status).toBe(404)
  })

  test('a form without the file, with two, with a field more or without a form is refused', async () => {
    const fresh = await it.staff('agent')
    expect((await fresh.upload('/attachments', { name: 'a.txt', data: 'x', field: 'document' })).status).toBe(400)
    expect((await fresh.ask('POST', '/attachments', { file: 'x' })).status).toBe(415)
    const form = new FormData()
    form.append('file', new Blob(['x']), 'a.txt')
    form.append('owner', 'admin')
    expect((await fetch(`${it.url}/api/v1/attachments`, { method: 'POST', headers: fresh.headers, body: form })).status).toBe(400)
  })
})
