import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createServer, type Server } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { newId } from '../ids.ts'
import { createDiskStorage } from './disk.ts'
import { createS3Storage } from './s3.ts'
import type { Storage } from './storage.ts'

/** An object store over the wire: path-style addresses, signed requests, XML errors. */
function objectStore() {
  const objects = new Map<string, Buffer>()
  const signatures: string[] = []
  const server = createServer((request, response) => {
    void (async () => {
      signatures.push(request.headers.authorization ?? '')
      const key = new URL(request.url ?? '/', 'http://store').pathname
      const body = await buffer(request)
      if (request.method === 'PUT') objects.set(key, body)
      if (request.method === 'DELETE') objects.delete(key)
      const found = objects.get(key)
      if (request.method === 'GET' && !found) {
        response.writeHead(404, { 'content-type': 'application/xml' }).end('<Error><Code>NoSuchKey</Code></Error>')
      } else response.writeHead(request.method === 'DELETE' ? 204 : 200).end(request.method === 'GET' ? found : undefined)
    })()
  })
  return { objects, signatures, server }
}

const listen = (server: Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })

const folder = mkdtempSync(path.join(tmpdir(), 'lianke-storage-'))
const store = objectStore()
const storages: Record<string, Storage> = {}

beforeAll(async () => {
  storages.disk = await createDiskStorage(folder)
  storages.s3 = createS3Storage({
    kind: 's3',
    endpoint: `http://127.0.0.1:${await listen(store.server)}`,
    region: 'us-east-1',
    bucket: 'files',
    accessKeyId: 'AKIDTEST',
    secretAccessKey: 'secret',
    forcePathStyle: true,
  })
})
afterAll(() => {
  store.server.close()
  store.server.closeAllConnections()
  rmSync(folder, { recursive: true, force: true })
})

describe.each(['disk', 's3'])('attachments on %s', (kind) => {
  const storage = () => {
    const found = storages[kind]
    if (!found) throw new Error(`no storage ${kind}`)
    return found
  }

  test('what is put is read back, whole and as a stream, until it is removed', async () => {
    const key = `${newId()}-o`
    const data = Buffer.from('凭证 \u0000 \xff', 'utf8')
    await storage().put(key, data, 'application/octet-stream')
    expect(await storage().read(key)).toEqual(data)
    expect(await buffer(await storage().stream(key))).toEqual(data)
    await storage().remove(key)
    await expect(storage().read(key)).rejects.toThrow()
  })

  test('it says whether writing is possible', async () => {
    await expect(storage().check()).resolves.toBeUndefined()
  })
})

test('requests to the object store are signed and keep to the bucket’s own folder', async () => {
  const key = `${newId()}-o`
  await storages.s3?.put(key, Buffer.from('x'), 'text/plain')
  expect(store.signatures.at(-1)).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDTEST\//)
  expect([...store.objects.keys()]).toContain(`/files/attachments/${key}`)
})

test('a key that could leave the folder is refused', async () => {
  await expect(storages.disk?.put('../../../../etc/passwd', Buffer.from('x'), 'text/plain')).rejects.toThrow('bad storage key')
})
