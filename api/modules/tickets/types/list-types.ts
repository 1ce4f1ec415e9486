import { z } from 'zod'
import type { TicketType } from '../../../contract/ticket-type.ts'
import type { Ctx } from '../../../core/context.ts'
import { TicketTypeRow } from '../model.ts'

const MAX = 200

/** In their order; those that may be chosen, or all. */
export async function listTypes(ctx: Ctx, all: boolean): Promise<TicketType[]> {
  const rows = await TicketTypeRow.query(ctx.trx)
    .modify((builder) => void (all || builder.whereNull('disabled_at')))
    .orderBy(['position', 'id'])
    .limit(MAX)
  return presentTypes(ctx, rows)
}

const labels = z.array(z.object({ id: z.string(), label_zh: z.string(), label_en: z.string() }))
const teams = z.array(z.object({ id: z.string(), name: z.string() }))

export async function presentTypes(ctx: Ctx, rows: readonly TicketTypeRow[]): Promise<TicketType[]> {
  const businessIds = rows.flatMap((row) => row.business_type_id ?? [])
  const teamIds = rows.flatMap((row) => row.team_id ?? [])
  const business = new Map(
    labels
      .parse(await ctx.trx('dictionary_entries').whereIn('id', businessIds).select('id', 'label_zh', 'label_en'))
      .map((row) => [row.id, row]),
  )
  const team = new Map(teams.parse(await ctx.trx('teams').whereIn('id', teamIds).select('id', 'name')).map((row) => [row.id, row]))
  return rows.map((row) => {
    const entry = business.get(row.business_type_id ?? '')
    return {
      id: row.id,
      nameZh: row.name_zh,
      nameEn: row.name_en,
      description: row.description,
      color: row.color,
      businessType: entry ? { id: entry.id, labelZh: entry.label_zh, labelEn: entry.label_en } : null,
      team: team.get(row.team_id ?? '') ?? null,
      priority: row.priority,
      fields: row.fields,
      openToCustomers: row.open_to_customers,
      position: row.position,
      disabled: row.disabled_at !== null,
      version: row.version,
    }
  })
}
