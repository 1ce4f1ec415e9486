/** Texts that customers get by themselves, from the templates of the rules. */
import { z } from 'zod'
import type { TEXT_VARIABLES } from '../../../contract/ending.ts'
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

/**
 * Says a template to the customer, as information: the purse keeps what answers need. The caller holds the row's lock.
 * @param key names the occasion: said once, however often it is asked
 * @returns the message; else why none went out (`none`: there is nothing to say)
 */
export async function sayTemplate(
  ctx: Ctx,
  row: ConversationRow,
  said: { key: string; template: string; minutes?: number },
): Promise<{ message: MessageRow } | { refused: string }> {
  if (said.template.trim() === '' || row.kind !== 'direct') return { refused: 'none' }
  const values = await valuesFor(ctx, row)
  const text = fillTemplate(said.template, { ...values, ...(said.minutes === undefined ? {} : { minutes: String(said.minutes) }) })
  if (text === '') return { refused: 'none' }
  return speak(ctx, row, { key: said.key, parts: [{ type: 'text', text }], importance: 'information' })
}
