import { describe, expect, test } from '@jest/globals'
import { messagePartSchema, type MessagePart } from '#api/contract/message.ts'
import { ChannelFailure, UnsupportedPart } from '../contract/index.ts'
import type { Subject } from './describe-adapter.ts'
import { isolatedContext } from './test-context.ts'

const media = {
  status: 'ready',
  attachmentId: '0192e4a0-0000-7000-8000-0000000000aa',
  name: 'a.bin',
  mime: 'application/octet-stream',
  sizeBytes: 3,
}

/** One part of every kind. */
const EXAMPLES: MessagePart[] = [
  { type: 'text', text: '您好' },
  { type: 'image', media },
  { type: 'audio', media },
  { type: 'video', media },
  { type: 'file', media },
  { type: 'location', latitude: 31.23, longitude: 121.47 },
  { type: 'link', url: 'https://example.com/', title: '链接' },
  { type: 'menu', options: [{ id: '1', text: '满意' }] },
  { type: 'card', card: 'article', refId: 'a' },
  { type: 'template', templateId: 't', data: {} },
  { type: 'notice', code: 'x', params: {} },
  { type: 'unsupported', original: 'x' },
].map((part) => messagePartSchema.parse(part))

export function describeSend<Config>({ adapter, account }: Subject<Config>): void {
  const unsupported = EXAMPLES.filter(({ type }) => !adapter.capabilities.parts.includes(type))
  const send = (part: MessagePart) => {
    const { ctx, requests } = isolatedContext()
    return { requests, result: adapter.send(account, { to: { externalId: 'somebody' }, part, deliveryId: 'd-1' }, ctx) }
  }

  describe('send', () => {
    test.each(unsupported.map((part) => [part.type, part] as const))('refuses %s before it calls anybody', async (_type, part) => {
      const { result, requests } = send(part)
      await expect(result).rejects.toBeInstanceOf(UnsupportedPart)
      expect(requests).toEqual([])
    })

    test('fails with nothing but typed failures', async () => {
      for (const part of EXAMPLES) {
        const outcome = await send(part).result.catch((error: unknown) => error)
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(ChannelFailure)
      }
    })
  })
}
