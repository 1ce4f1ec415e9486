/**
 * Template messages that the account was granted: what an agent may still send when the reply window is closed (CH-05).
 * https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html
 */
import { z } from 'zod'
import type { MessageTemplate } from '#api/contract/channel.ts'
import type { ChannelContext } from '../contract/context.ts'
import { TransientFailure } from '../contract/failures.ts'
import { callApi } from './client.ts'
import type { OfficialAccount } from './connection.ts'

const CACHE_KEY = 'templates'
const CACHE_SECONDS = 300

const templatesAnswer = z.object({
  template_list: z.array(z.object({ template_id: z.string(), title: z.string(), content: z.string() })).default([]),
})
type Granted = z.infer<typeof templatesAnswer>['template_list']

/** The platform's own documents write the braces with and without blanks between. */
const FIELD = /\{\s*\{\s*(\w+)\.DATA\s*\}\s*\}/g

export async function listTemplates(account: OfficialAccount, ctx: ChannelContext): Promise<MessageTemplate[]> {
  return (await granted(account, ctx)).map(({ template_id: id, title, content }) => ({
    id,
    title,
    text: content.replace(FIELD, (_, name: string) => `{${name}}`),
    fields: fieldsOf(content),
  }))
}

/** The list changes when somebody works at the platform's console, and the platform counts how often it is asked. */
async function granted(account: OfficialAccount, ctx: ChannelContext): Promise<Granted> {
  const kept = await ctx.cache.get(CACHE_KEY)
  if (kept !== null) return templatesAnswer.parse(JSON.parse(kept)).template_list
  const answer = await callApi(account, { path: '/cgi-bin/template/get_all_private_template', purpose: 'read' }, ctx)
  const parsed = templatesAnswer.safeParse(answer)
  if (!parsed.success) throw new TransientFailure('template answer of an unknown shape')
  await ctx.cache.set(CACHE_KEY, JSON.stringify(parsed.data), CACHE_SECONDS)
  return parsed.data.template_list
}

/** A line is `label：{{name.DATA}}`; the first and the last are often a field alone. */
function fieldsOf(content: string): MessageTemplate['fields'] {
  const found = new Map<string, string>()
  for (const line of content.split('\n')) {
    for (const match of line.matchAll(FIELD)) {
      const name = match[1] ?? ''
      const before = line.slice(0, match.index).split(/[：:\s]+$/)[0] ?? ''
      if (!found.has(name)) found.set(name, before.replace(FIELD, '').trim() || name)
    }
  }
  return [...found].map(([name, label]) => ({ name, label }))
}
