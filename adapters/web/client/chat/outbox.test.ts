import { describe, expect, test } from '@jest/globals'
import {
  fileEntry,
  isKept,
  nextToPost,
  nextToUpload,
  partsOf,
  patchEntry,
  patchFile,
  removeEntry,
  restoreEntry,
  settleEchoes,
  textEntry,
} from './outbox.ts'
import type { CustomerMessage } from './wire.ts'

const picture = { name: '截图.png', type: 'image/png', size: 2048 }
const echo = (clientKey: string, more: Partial<CustomerMessage> = {}): CustomerMessage => ({
  id: '00000000-0000-7000-9000-000000000001',
  seq: 1,
  direction: 'inbound',
  author: { kind: 'customer', name: null, avatarUrl: null },
  parts: [],
  clientKey,
  recalledAt: null,
  createdAt: '2026-11-22T08:00:00.000Z',
  version: 1,
  ...more,
})

describe('CH-01 the outbox of a web customer', () => {
  test('messages are posted one at a time, oldest first', () => {
    const outbox = [textEntry('first', '一', 1), textEntry('second', '二', 2)]
    expect(nextToPost(outbox)?.clientKey).toBe('first')
    const sending = patchEntry(outbox, 'first', { state: 'sending' })
    expect(nextToPost(sending)).toBeNull()
    expect(nextToPost(patchEntry(sending, 'first', { state: 'sent' }))?.clientKey).toBe('second')
  })

  test('a slow upload holds up no text', () => {
    const outbox = patchEntry([fileEntry('file', picture, 1), textEntry('text', '在吗', 2)], 'file', { state: 'uploading' })
    expect(nextToPost(outbox)?.clientKey).toBe('text')
  })

  test('a file is posted as what the server found it to be, once it is uploaded', () => {
    const outbox = [fileEntry('file', picture, 1)]
    expect(nextToPost(outbox)).toBeNull()
    expect(nextToUpload(outbox)?.clientKey).toBe('file')
    const [uploaded] = patchFile(outbox, 'file', { attachment: { id: 'a-1', kind: 'image' } })
    expect(uploaded && partsOf(uploaded)).toEqual([{ type: 'image', attachmentId: 'a-1' }])
  })

  test('two uploads at a time', () => {
    const outbox = ['1', '2', '3'].map((key) => fileEntry(key, picture, Number(key)))
    const busy = patchEntry(patchEntry(outbox, '1', { state: 'uploading' }), '2', { state: 'uploading' })
    expect(nextToUpload(busy)).toBeNull()
    expect(nextToUpload(removeEntry(busy, '1'))?.clientKey).toBe('3')
  })

  test('the echo takes the place of the bubble exactly once, by whichever way it comes first', () => {
    const outbox = [textEntry('first', '一', 1), textEntry('second', '二', 2)]
    const settled = settleEchoes(outbox, [echo('first')])
    expect(settled.map(({ clientKey }) => clientKey)).toEqual(['second'])
    expect(settleEchoes(settled, [echo('first')])).toBe(settled)
  })

  test('a key of somebody else is no echo', () => {
    const outbox = [textEntry('first', '一', 1)]
    expect(settleEchoes(outbox, [echo('first', { direction: 'outbound' })])).toBe(outbox)
  })

  test('a refused message waits for the customer, not for the next try', () => {
    expect(nextToPost(patchEntry([textEntry('first', '一', 1)], 'first', { state: 'failed', reason: 'file_type_refused' }))).toBeNull()
  })

  test('what was written survives a reload with its key, so that it is stored once', () => {
    const sending = patchEntry([textEntry('first', '断网时写的', 7)], 'first', { state: 'sending' })
    const restored = restoreEntry(JSON.parse(JSON.stringify(sending[0])))
    expect(restored).toEqual(textEntry('first', '断网时写的', 7))
  })

  test('a file survives a reload once its bytes are with the server, and never before', () => {
    expect(isKept(fileEntry('file', picture, 1))).toBe(false)
    const [uploaded] = patchFile([fileEntry('file', picture, 1)], 'file', { attachment: { id: 'a-1', kind: 'image' }, progress: 1 })
    expect(uploaded && isKept(uploaded)).toBe(true)
    expect(restoreEntry(JSON.parse(JSON.stringify(uploaded)))).toEqual(uploaded)
  })

  test('what the server has confirmed is not kept', () => {
    expect(isKept({ ...textEntry('first', '一', 1), state: 'sent' })).toBe(false)
  })

  test.each([
    [null],
    ['text'],
    [[]],
    [{}],
    [{ clientKey: 'k', createdAt: 1, content: { kind: 'file' } }],
    [{ clientKey: 1, createdAt: 1, content: { kind: 'text', text: 'x' } }],
  ])('foreign data under our key is no message: %j', (stored) => {
    expect(restoreEntry(stored)).toBeNull()
  })
})
