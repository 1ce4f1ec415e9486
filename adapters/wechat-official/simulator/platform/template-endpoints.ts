/** Template messages and subscription notices: what may be sent when the reply window is closed. */
import { deliverEvent } from '../callbacks/events.ts'
import { trimMap, type Customer } from '../state/records.ts'
import type { Content, MessageTemplate } from '../types.ts'
import { OK, withToken, type AccountContext, type Answer, type Endpoints } from './endpoint.ts'
import { refuse } from './errors.ts'
import { fieldsOf, isFields, parseFields, textOf, type Fields } from './fields.ts'
import { recipient } from './message-endpoints.ts'

const DUPLICATE_WITHIN_MS = 600_000
const REMEMBERED_CLIENT_IDS = 10_000

/** Longest value by the kind of keyword (`thing1` → `thing`). */
const VALUE_LIMITS: Record<string, number> = {
  thing: 20,
  phrase: 5,
  character_string: 32,
  name: 20,
  letter: 32,
  number: 32,
  symbol: 5,
  phone_number: 17,
  car_number: 8,
  const: 20,
}

const keywordsOf = ({ content }: MessageTemplate) => [...content.matchAll(/\{\{(\w+)\.DATA\}\}/g)].map((match) => match[1] ?? '')

const checkValues = (template: MessageTemplate, data: Fields) => {
  for (const keyword of keywordsOf(template)) {
    const value = textOf(fieldsOf(data[keyword])['value'])
    const limit = VALUE_LIMITS[keyword.replace(/\d+$/, '')]
    if (value === '' || (limit !== undefined && [...value].length > limit)) refuse(47003, `! data.${keyword}.value is empty or too long`)
  }
}

const contentOf = (template: MessageTemplate, data: Fields, url: string): Content => ({
  type: 'template',
  templateId: template.templateId,
  title: template.title,
  lines: template.content.split('\n').map((line) => {
    const [label = '', ...rest] = line.split(/[:：]/)
    const value = rest.join(':').replace(/\{\{(\w+)\.DATA\}\}/g, (_match, keyword: string) => textOf(fieldsOf(data[keyword])['value']))
    return { label: label.trim(), value }
  }),
  ...(url ? { url } : {}),
})

const read = ({ account, body }: AccountContext, kind: 'template' | 'subscribe') => {
  const payload = parseFields(body)
  const customer = recipient(account, payload['touser'])
  const template = account.templates.get(textOf(payload['template_id'])) ?? refuse(40037)
  if ((template.kind ?? 'template') !== kind) refuse(40037)
  const data = payload['data']
  if (!isFields(data)) return refuse(47001)
  checkValues(template, data)
  return { payload, customer, template, data }
}

/** A number in the answer, as the platform has it: too large for a double. */
const answerWithId = (msgId: string): Answer => ({ rawJson: `{"errcode":0,"errmsg":"ok","msgid":${msgId}}` })

/** A customer who refuses messages is learnt of only afterwards, by the event. */
const templateOutcome = (ctx: AccountContext, customer: Customer) =>
  ctx.account.templateOutcomes.shift() ?? (customer.refuses || customer.blocked ? 'failed:user block' : 'success')

const sendTemplate = (ctx: AccountContext): Answer => {
  const { world, account, now } = ctx
  const { payload, customer, template, data } = read(ctx, 'template')
  if (!customer.following) refuse(43004)
  const clientId = textOf(payload['client_msg_id'])
  const known = clientId ? account.recentClientIds.get(clientId) : undefined
  if (known && known.until > now) return answerWithId(known.msgId)
  const msgId = world.nextMsgId()
  if (clientId) {
    account.recentClientIds.set(clientId, { msgId, until: now + DUPLICATE_WITHIN_MS })
    trimMap(account.recentClientIds, REMEMBERED_CLIENT_IDS)
  }
  const status = templateOutcome(ctx, customer)
  if (status === 'success') {
    const content = contentOf(template, data, textOf(payload['url']))
    world.recordSent(account, customer, { via: 'template', msgType: 'template', content, payload, msgId })
  }
  ctx.afterAnswer(() => void deliverEvent(world, account, customer, 'TEMPLATESENDJOBFINISH', { MsgID: BigInt(msgId), Status: status }))
  return answerWithId(msgId)
}

const sendSubscription = (ctx: AccountContext): Answer => {
  const { world, account } = ctx
  const { payload, customer, template, data } = read(ctx, 'subscribe')
  const grants = customer.grants.get(template.templateId) ?? 0
  if (grants === 0) refuse(43101)
  customer.grants.set(template.templateId, grants - 1)
  const msgId = world.nextMsgId()
  const content = contentOf(template, data, textOf(payload['page']))
  world.recordSent(account, customer, { via: 'subscribe', msgType: 'subscribe', content, payload, msgId })
  const List = { TemplateId: template.templateId, MsgID: BigInt(msgId), ErrorCode: 0, ErrorStatus: 'success' }
  ctx.afterAnswer(() => void deliverEvent(world, account, customer, 'subscribe_msg_sent_event', { SubscribeMsgSentEvent: { List } }))
  return { json: OK }
}

const listTemplates = ({ account }: AccountContext): Answer => ({
  json: {
    template_list: [...account.templates.values()]
      .filter(({ kind }) => kind !== 'subscribe')
      .map(({ templateId, title, content }) => ({
        template_id: templateId,
        title,
        primary_industry: '',
        deputy_industry: '',
        content,
        example: '',
      })),
  },
})

export const templateEndpoints: Endpoints = {
  '/cgi-bin/message/template/send': withToken('POST', sendTemplate),
  '/cgi-bin/message/subscribe/bizsend': withToken('POST', sendSubscription),
  '/cgi-bin/template/get_all_private_template': withToken('GET', listTemplates),
}
