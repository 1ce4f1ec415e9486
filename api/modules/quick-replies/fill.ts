/** From a reply to what can be sent in this conversation (BP-004.4, BP-016.5). */
import type { FilledReply, QuickReplyFill, QuickReplyPart } from '../../contract/quick-reply.ts'
import type { ChannelCapabilities } from '../../contract/conversation.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Invalid } from '../../core/errors.ts'
import { accountsOf, kindOf } from '../channels/index.ts'
import { conversationFor } from '../conversations/index.ts'
import { copyAttachments, mediaOf } from '../files/index.ts'
import { knownValues } from './known-values.ts'
import type { ReplyRow } from './model.ts'
import { partsForStaff } from './parts.ts'
import { replyFor } from './policy.ts'
import { filled, fits, questionFor, variablesIn } from './variables.ts'

/**
 * Nothing is sent: the agent reads it first. What is missing is asked for, all at once; what the channel cannot carry is left out and said.
 * @throws NotFound for a reply or a conversation outside one's reach; Conflict `conflict` for a disabled one; Invalid `variable_unknown`, `variable_invalid`
 */
export async function fillReply(ctx: Ctx<StaffActor>, id: string, { conversationId, values }: QuickReplyFill): Promise<FilledReply> {
  const reply = await replyFor(ctx, id, 'view')
  if (reply.disabled) throw new Conflict('conflict', 'this reply is disabled')
  const known = await knownValues(ctx, conversationId)
  const names = variablesIn(reply.parts)
  const given = checkedValues(reply, names, values)
  const all = new Map<string, string>([...Object.entries(known), ...given])
  const missing = names.filter((name) => !all.has(name)).map((name) => questionFor(name, reply.variables))
  const { carried, left } = carriedBy(await capabilitiesOf(ctx, conversationId), filled(reply.parts, all))
  return { parts: missing.length > 0 ? [] : await ownCopies(ctx, carried), missing, left }
}

function checkedValues(reply: ReplyRow, names: readonly string[], values: QuickReplyFill['values']): Map<string, string> {
  const given = Object.entries(values).filter(([, value]) => value.trim() !== '')
  for (const [name, value] of given) {
    if (!names.includes(name)) throw new Invalid('variable_unknown', 'the reply has no such variable', { names: [name] })
    if (!fits(questionFor(name, reply.variables), value))
      throw new Invalid('variable_invalid', 'the value does not fit its variable', { name })
  }
  return new Map(given)
}

async function capabilitiesOf(ctx: Ctx<StaffActor>, conversationId: string): Promise<ChannelCapabilities> {
  const conversation = await conversationFor(ctx, conversationId, 'view')
  const account = await accountsOf(ctx.app).get(conversation.channel_account_id, ctx.trx)
  return kindOf(ctx.app, account.kind).capabilities
}

/** Pure. A link card is text where the channel has no cards: what it says is in its title and address. */
export function carriedBy(
  { parts: kinds, filesAsLinks }: Pick<ChannelCapabilities, 'parts' | 'filesAsLinks'>,
  parts: readonly QuickReplyPart[],
): { carried: QuickReplyPart[]; left: FilledReply['left'] } {
  const left = new Set<FilledReply['left'][number]>()
  const carried = parts.flatMap((part): QuickReplyPart[] => {
    if (part.type === 'text' || kinds.includes(part.type)) return [part]
    if (part.type === 'link') return [{ type: 'text', text: [part.title, part.description, part.url].filter(Boolean).join('\n') }]
    if (filesAsLinks) return [part]
    left.add(part.type)
    return []
  })
  return { carried, left: [...left] }
}

/** Files become the agent's own, as if he had just uploaded them; unsent, they are forgotten after a day. */
async function ownCopies(ctx: Ctx<StaffActor>, parts: readonly QuickReplyPart[]): Promise<QuickReplyPart[]> {
  const ids = parts.flatMap((part) => ('media' in part && part.media.attachmentId ? [part.media.attachmentId] : []))
  const copies = await copyAttachments(ctx.trx, ids, { accountId: ctx.actor.accountId })
  return partsForStaff(
    parts.flatMap((part): QuickReplyPart[] => {
      if (!('media' in part)) return [part]
      const copy = copies.get(part.media.attachmentId ?? '')
      return copy ? [{ ...part, media: mediaOf(copy) }] : []
    }),
  )
}
