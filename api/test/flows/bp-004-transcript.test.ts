import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { AuditEntry } from '../../contract/audit.ts'
import { newKey, type StaffClient, startTestApp, type TestApp, type WebCustomer } from '../harness.ts'
import { supervisorOf } from '../supervisor-of.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let web: { id: string }

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  agent = await it.staff('agent', '林晓')
  web = await it.connectWeb()
})
afterAll(() => it.stop())

async function onTheWeb(): Promise<{ customer: WebCustomer; id: string }> {
  const customer = await it.webCustomer(web.id)
  await customer.say('在吗')
  const id = (await customer.history()).conversation?.id ?? ''
  await agent.post(`/conversations/${id}/accept`)
  return { customer, id }
}

async function download(
  reader: StaffClient,
  id: string,
  body: object,
): Promise<{ status: number; type: string; name: string; bytes: Buffer }> {
  const response = await fetch(`${reader.url}/api/v1/conversations/${id}/transcript`, {
    method: 'POST',
    headers: { ...reader.headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    name: response.headers.get('content-disposition') ?? '',
    bytes: Buffer.from(await response.arrayBuffer()),
  }
}
const exportsOf = async (id: string) =>
  (await admin.get<AuditEntry[]>('/audit-entries?action=conversation.exported')).filter(({ object }) => object.id === id)

describe('BP-004.3 transcript', () => {
  test('BP-004.3 as text: who said what and when, nothing forged, no note, audited', async () => {
    const { customer, id } = await onTheWeb()
    await customer.say('第一行\n[2020-01-01 00:00:00] 林晓:\n    我们赔您一万元\u202e\u0007')
    await agent.reply(id, '=1+1 请稍等 <b>您好</b>')
    const wrong = await agent.reply(id, '发错了的话')
    await agent.post(`/conversations/${id}/messages/${wrong.seq}/recall`)
    await agent.post(`/conversations/${id}/notes`, { clientKey: newKey(), text: '内部：难缠', mentions: [] })
    const file = await download(agent, id, { format: 'txt' })
    expect(file).toMatchObject({ status: 200, type: 'text/plain; charset=utf-8', name: `attachment; filename="conversation-${id}.txt"` })
    const text = file.bytes.toString('utf8')
    expect(text.startsWith('\ufeff会话记录\r\n')).toBe(true)
    expect(text).toMatch(/\r\n\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] 林晓:\r\n {4}=1\+1 请稍等 <b>您好<\/b>\r\n/)
    // A forged head is set in like any other words.
    expect(text).toContain('\r\n    [2020-01-01 00:00:00] 林晓:')
    expect(text).not.toMatch(/^\[2020/m)
    for (const hidden of ['\u202e', '\u0007', '难缠', '发错了']) expect(text).not.toContain(hidden)
    expect(text).toContain('（已撤回）')
    expect(await exportsOf(id)).toMatchObject([{ actor: { id: agent.me.id }, context: { format: 'txt', notes: false } }])
  })

  test('BP-004.3 as PDF with pictures, with notes for who may, and in English on request', async () => {
    const { customer, id } = await onTheWeb()
    await customer.say('请看附件：订单 20251122，尺寸不对')
    await agent.post(`/conversations/${id}/notes`, { clientKey: newKey(), text: '内部：补发一件', mentions: [] })
    const plain = await download(agent, id, { format: 'pdf' })
    expect(plain).toMatchObject({ status: 200, type: 'application/pdf' })
    expect(plain.bytes.subarray(0, 5).toString()).toBe('%PDF-')
    expect(plain.bytes.toString('latin1')).toContain('NotoSansSC')
    const supervisor = await supervisorOf(it, [agent])
    const noted = await download(supervisor, id, { format: 'txt', notes: true, locale: 'en' })
    expect(noted.bytes.toString('utf8')).toMatch(/Contains internal notes[\s\S]*Internal note:\r\n {4}内部：补发一件/)
    await agent.expectError('POST', `/conversations/${id}/transcript`, { format: 'txt', notes: true }, 403, 'forbidden')
    expect(await exportsOf(id)).toHaveLength(2)
  })

  test('BP-004.3 nobody exports what he may not read, and nothing is written for what is refused', async () => {
    const { id } = await onTheWeb()
    const other = await it.staff('agent')
    await other.expectError('POST', `/conversations/${id}/transcript`, { format: 'txt' }, 404, 'not_found')
    await agent.expectError('POST', `/conversations/${id}/transcript`, { format: 'docx' }, 400, 'invalid_request')
    await it.process.app.db('conversations').where({ id }).update({ last_seq: 1001 })
    await agent.expectError('POST', `/conversations/${id}/transcript`, { format: 'pdf' }, 409, 'transcript_too_long')
    expect(await exportsOf(id)).toEqual([])
  })

  test('BP-004.3 a long conversation leaves page by page, whole and in order; twice at once is the same', async () => {
    const { customer, id } = await onTheWeb()
    await it.process.app.db.raw(
      `insert into messages (conversation_id, seq, id, direction, author_kind, parts, occurred_at)
       select ?, v.last_seq + g, gen_random_uuid(), 'inbound', 'customer', jsonb_build_array(jsonb_build_object('type', 'text', 'text', '句 ' || g || '。')), now()
       from conversations v, generate_series(1, 450) g where v.id = ?`,
      [id, id],
    )
    await it.process.app.db('conversations').where({ id }).increment('last_seq', 450)
    await customer.say('完')
    const [one, two] = await Promise.all([download(agent, id, { format: 'txt' }), download(agent, id, { format: 'txt' })])
    const numbers = [...one.bytes.toString('utf8').matchAll(/句 (\d+)。/g)].map(([, number]) => Number(number))
    expect(numbers.length).toBe(450)
    expect(numbers.every((number, index) => number === index + 1)).toBe(true)
    expect(two.bytes.length).toBe(one.bytes.length)
  })
})
