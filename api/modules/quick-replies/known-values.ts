/** What we know of a conversation, by variable (BP-016.5). */
import { z } from 'zod'
import type { KnownValues } from '../../contract/quick-reply.ts'
import { LOCALES } from '../../contract/identity.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { conversationFor } from '../conversations/index.ts'
import { standingsOf } from '../routing/index.ts'
import { companySettings } from '../settings/index.ts'

const factRows = z.object({
  rows: z.tuple([
    z.object({
      name: z.string().nullable(),
      remark: z.string().nullable(),
      level_zh: z.string().nullable(),
      level_en: z.string().nullable(),
      team: z.string().nullable(),
      number: z.string().nullable(),
      locale: z.enum(LOCALES),
    }),
  ]),
})

/**
 * The team is the conversation's, else the one the agent belongs to alone. The customer's name is his own, never the remark of colleagues: what they call
 * him among themselves must not reach him by accident.
 * @throws NotFound outside one's scope
 */
export async function knownValues(ctx: Ctx<StaffActor>, conversationId: string): Promise<KnownValues> {
  const conversation = await conversationFor(ctx, conversationId, 'view')
  const facts = await factsOf(ctx, conversationId)
  const company = await companySettings(ctx)
  const standing = conversation.status === 'queued' ? (await standingsOf(ctx, [conversationId])).get(conversationId) : undefined
  const day = new Intl.DateTimeFormat(facts.locale, { timeZone: company.timeZone, dateStyle: 'long' }).format(ctx.now)
  const known: KnownValues = {
    'agent.name': ctx.actor.name,
    'company.name': company.companyName,
    'date.today': day,
    ...present('customer.name', facts.name),
    ...present('customer.remark', facts.remark),
    ...present('customer.level', facts.locale === 'en' ? facts.level_en : facts.level_zh),
    ...present('agent.number', facts.number),
    ...present('team.name', facts.team),
    ...present('queue.position', standing ? String(standing.position) : null),
  }
  for (const more of ctx.app.hooks.all('quick-reply.values')) Object.assign(known, await more(ctx, conversationId))
  return known
}

const present = (name: keyof KnownValues, value: string | null): KnownValues =>
  value === null || value.trim() === '' ? {} : { [name]: value }

async function factsOf(ctx: Ctx<StaffActor>, conversationId: string) {
  const answer: unknown = await ctx.trx.raw(
    `select c.name, c.remark_name as remark, l.label_zh as level_zh, l.label_en as level_en, a.locale, p.employee_number as number,
       coalesce(t.name, (select min(own.name) from team_members m join teams own on own.id = m.team_id and own.status = 'active'
         where m.account_id = a.id having count(*) = 1)) as team
     from conversations v
     join customers c on c.id = v.customer_id
     join accounts a on a.id = :agent
     left join staff_profiles p on p.account_id = a.id
     left join dictionary_entries l on l.id = c.level_id
     left join teams t on t.id = v.team_id
     where v.id = :conversation`,
    { agent: ctx.actor.accountId, conversation: conversationId },
  )
  return factRows.parse(answer).rows[0]
}
