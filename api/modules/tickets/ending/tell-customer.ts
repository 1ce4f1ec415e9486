/** A customer hears of his ticket where he last talked with us: through the same window and purse as every line of the product's own. */
import { z } from 'zod'
import type { MessagePart } from '../../../contract/message.ts'
import type { TicketText } from '../../../contract/ticket-ending.ts'
import type { PageOnlyReason } from '../../../contract/ticket-follow-up.ts'
import type { Ctx } from '../../../core/context.ts'
import { accountsOf, kindOf } from '../../channels/index.ts'
import { ConversationRow, speak, type Speech } from '../../conversations/index.ts'
import { copyAttachments, adoptAttachments, mediaOf } from '../../files/index.ts'
import { ticketLink } from '../customer/ticket-links.ts'
import type { TicketRow } from '../model.ts'
import { endingSettingsOf } from './settings.ts'
import { fillText, type TextValues, wordingIn } from './texts.ts'

export type Told =
  { messageId: string; conversationId: string; reason: null } | { messageId: null; conversationId: null; reason: PageOnlyReason }

const untold = (reason: PageOnlyReason): Told => ({ messageId: null, conversationId: null, reason })
const ids = z.object({ rows: z.array(z.object({ id: z.string() })) })

/** His latest direct conversation, closed or not, locked: of the ticket's identity, else wherever he last wrote. */
export async function latestConversation(
  ctx: Pick<Ctx, 'trx'>,
  of: { identityId: string | null; customerId: string | null },
): Promise<ConversationRow | null> {
  const [column, value] = of.identityId === null ? ['customer_id', of.customerId] : ['identity_id', of.identityId]
  if (value === null) return null
  const answer: unknown = await ctx.trx.raw(
    `select id from conversations where ${column} = ? and kind = 'direct' order by created_at desc, id desc limit 1`,
    [value],
  )
  const [found] = ids.parse(answer).rows
  return found ? ConversationRow.query(ctx.trx).findById(found.id).forNoKeyUpdate().throwIfNotFound() : null
}

const spokenLocale = z.object({ locale: z.enum(['zh-CN', 'en']) })
const customerLocale = z.array(z.object({ locale: z.string().nullable() }))

/** As his page said, else as his platform did; Chinese where neither did. */
export async function isEnglish(ctx: Pick<Ctx, 'trx'>, conversation: ConversationRow): Promise<boolean> {
  const page = spokenLocale.safeParse(conversation.source)
  if (page.success) return page.data.locale === 'en'
  const [customer] = customerLocale.parse(await ctx.trx('customers').select('locale').where({ id: conversation.customer_id }))
  return customer?.locale?.startsWith('en') ?? false
}

export interface Line {
  text: TicketText
  /** Names the fact: said once. */
  key: string
  importance: Speech['importance']
  values?: TextValues
  /** Go along where answers are not counted; elsewhere they wait on the ticket's page. */
  attachmentIds?: readonly string[]
}

/** The caller has locked the ticket. Nothing is written when it is refused: he then finds it on the ticket's page. */
export async function tellCustomer(ctx: Ctx, ticket: TicketRow, line: Line): Promise<Told> {
  const { texts } = await endingSettingsOf(ctx)
  const wording = texts[line.text]
  if (!wording.on) return untold('switched_off')
  const conversation = await latestConversation(ctx, { identityId: ticket.identity_id, customerId: ticket.customer_id })
  if (!conversation) return untold('no_conversation')
  const english = await isEnglish(ctx, conversation)
  const values = {
    number: ticket.number,
    title: ticket.title,
    link: ticketLink(ctx.app.config, { kind: 'ticket', id: ticket.id, english }, ctx.now),
    ...line.values,
  }
  const text = fillText(wordingIn(wording, english), values)
  if (text === '') return untold('switched_off')
  const files = await filesFor(ctx, conversation, line.attachmentIds ?? [])
  const spoken = await speak(ctx, conversation, { key: line.key, parts: [{ type: 'text', text }, ...files], importance: line.importance })
  return 'refused' in spoken ? untold(spoken.refused) : { messageId: spoken.message.id, conversationId: conversation.id, reason: null }
}

/** Copies that belong to the conversation: whoever sees that may open them, whatever becomes of the ticket. */
async function filesFor(ctx: Ctx, conversation: ConversationRow, attachmentIds: readonly string[]): Promise<MessagePart[]> {
  if (attachmentIds.length === 0 || ctx.actor.kind !== 'staff') return []
  const { capabilities } = kindOf(ctx.app, (await accountsOf(ctx.app).get(conversation.channel_account_id, ctx.trx)).kind)
  if (capabilities.replyAllowances !== null) return []
  const copies = await copyAttachments(ctx.trx, attachmentIds, { accountId: ctx.actor.accountId })
  await adoptAttachments(
    ctx.trx,
    [...copies.values()].map(({ id }) => ({ id, conversationId: conversation.id })),
  )
  return attachmentIds.flatMap((id): MessagePart[] => {
    const row = copies.get(id)
    return row && capabilities.parts.includes(row.kind) ? [{ type: row.kind, media: mediaOf(row) }] : []
  })
}
