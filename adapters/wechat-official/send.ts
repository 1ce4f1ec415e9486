/**
 * Customer-service messages, template messages and the typing mark. The platform returns no id for a customer-service message.
 * https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html
 * https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html
 */
import { z } from 'zod'
import type { OutboundCall } from '../contract/adapter.ts'
import type { ChannelContext } from '../contract/context.ts'
import { PermanentFailure, UnsupportedPart } from '../contract/failures.ts'
import { callApi } from './client.ts'
import type { OfficialAccount } from './connection.ts'
import { contentOf } from './customer-service-content.ts'
import { MediaUploads } from './media-uploads.ts'

type TemplatePart = Extract<OutboundCall['part'], { type: 'template' }>

/** @throws ChannelFailure; `UnsupportedPart` before anything is sent */
export async function send(account: OfficialAccount, call: OutboundCall, ctx: ChannelContext): Promise<{ externalId?: string }> {
  if (call.part.type === 'template') return sendTemplate(account, call.to.externalId, call.part, call.deliveryId, ctx)
  const uploads = new MediaUploads(account, ctx)
  try {
    await sendCustomerService(account, call, uploads, ctx)
  } catch (error) {
    if (!isStaleMedia(error) || !(await uploads.forgetCached())) throw error
    await sendCustomerService(account, call, new MediaUploads(account, ctx), ctx)
  }
  return {}
}

async function sendCustomerService(
  account: OfficialAccount,
  call: OutboundCall,
  uploads: MediaUploads,
  ctx: ChannelContext,
): Promise<void> {
  const content = await contentOf(call.part, uploads)
  if (content === null) throw new UnsupportedPart(call.part.type)
  await callApi(
    account,
    { path: '/cgi-bin/message/custom/send', json: { touser: call.to.externalId, ...content }, purpose: 'deliver' },
    ctx,
  )
}

/** The platform has dropped an upload before its time: nothing was delivered, a fresh one helps. */
function isStaleMedia(error: unknown): boolean {
  return error instanceof PermanentFailure && error.platformCode === '40007'
}

const templateAnswer = z.object({ msgid: z.union([z.string(), z.number()]) })

/** `client_msg_id` makes the platform drop a repetition within ten minutes; `msgid` comes back in TEMPLATESENDJOBFINISH. */
async function sendTemplate(
  account: OfficialAccount,
  openid: string,
  part: TemplatePart,
  deliveryId: string,
  ctx: ChannelContext,
): Promise<{ externalId?: string }> {
  const data = Object.fromEntries(Object.entries(part.data).map(([name, value]) => [name, { value: value.toWellFormed() }]))
  const json = {
    touser: openid,
    template_id: part.templateId,
    ...(part.url === undefined ? {} : { url: part.url }),
    client_msg_id: deliveryId,
    data,
  }
  const answer = templateAnswer.safeParse(await callApi(account, { path: '/cgi-bin/message/template/send', json, purpose: 'deliver' }, ctx))
  return answer.success ? { externalId: String(answer.data.msgid) } : {}
}

/** The customer sees it for about 15 seconds. */
export async function typing(account: OfficialAccount, to: { externalId: string }, on: boolean, ctx: ChannelContext): Promise<void> {
  const json = { touser: to.externalId, command: on ? 'Typing' : 'CancelTyping' }
  await callApi(account, { path: '/cgi-bin/message/custom/typing', json, purpose: 'change' }, ctx)
}
