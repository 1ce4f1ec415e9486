/** Texts that customers get by themselves, from the templates of the rules. */
import { z } from 'zod'
import type { TEXT_VARIABLES } from '../../../contract/ending.ts'
import { inLanguage, type SpokenText } from '../../../contract/spoken-text.ts'
import type { Ctx } from '../../../core/context.ts'
import type { ConversationRow, MessageRow } from '../model.ts'
import { speak } from '../speak.ts'

type Values = Partial<Record<(typeof TEXT_VARIABLES)[number], string>>

/** Pure. What is not known is left out rather than shown as `{{…}}`. */
export function fillTemplate(template: string, values: Values): string {
  const known = new Map<string, string>(Object.entries(values))
  return template.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_whole, name: string) => known.get(name) ?? '').trim()
}

const names = z.object({
  rows: z.tuple([z.object({ customer: z.string().nullable(), agent: z.string().nullable(), team: z.string().nullable() })]),
})

async function valuesFor(ctx: Ctx, row: ConversationRow): Promise<Values> {
  const { rows } = names.parse(
    await ctx.trx.raw(
      // His own name: what colleagues call him among themselves must not reach him.
      `select c.name as customer, a.name as agent, t.name as team
       from customers c left join accounts a on a.id = ? left join teams t on t.id = ? where c.id = ?`,
      [row.assignee_id, row.team_id, row.customer_id],
    ),
  )
  const [{ customer, agent, team }] = rows
  return { customer: customer ?? '', agent: agent ?? '', team: team ?? '' }
}

const languages = z.object({ rows: z.array(z.object({ language: z.string().nullable() })) })

/** What his page speaks, now or when he was last on one; else what he has chosen on the platform. Nothing known: Chinese. */
export async function speaksEnglish(ctx: Pick<Ctx, 'trx'>, conversationId: string): Promise<boolean> {
  const { rows } = languages.parse(
    await ctx.trx.raw(
      `select coalesce(v.source ->> 'locale',
         (select o.source ->> 'locale' from conversations o where o.identity_id = v.identity_id and o.source ->> 'locale' is not null
          order by o.created_at desc limit 1),
         i.profile ->> 'language', c.locale) as language
       from conversations v join customer_identities i on i.id = v.identity_id join customers c on c.id = v.customer_id where v.id = ?`,
      [conversationId],
    ),
  )
  return rows[0]?.language?.startsWith('en') ?? false
}

/**
 * Says a template to the customer in his language, as information: the purse keeps what answers need. The caller holds the row's lock.
 * @param key names the occasion: said once, however often it is asked
 * @returns the message; else why none went out (`none`: there is nothing to say)
 */
export async function sayTemplate(
  ctx: Ctx,
  row: ConversationRow,
  said: { key: string; template: SpokenText; minutes?: number },
): Promise<{ message: MessageRow } | { refused: string }> {
  if (row.kind !== 'direct') return { refused: 'none' }
  const template = inLanguage(said.template, await speaksEnglish(ctx, row.id))
  if (template.trim() === '') return { refused: 'none' }
  const values = await valuesFor(ctx, row)
  const text = fillTemplate(template, { ...values, ...(said.minutes === undefined ? {} : { minutes: String(said.minutes) }) })
  if (text === '') return { refused: 'none' }
  return speak(ctx, row, { key: said.key, parts: [{ type: 'text', text }], importance: 'information' })
}
