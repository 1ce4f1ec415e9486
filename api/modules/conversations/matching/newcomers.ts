/** What is known of people who have just written for the first time, or again: one statement, whatever their number. */
import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { SETTINGS_OF } from '../consultation/settings.ts'

/** How a customer came: kept with his conversation. `team`, `business` and `entry` are what a host site says beside the page. */
export interface Source {
  kind: string
  label: string | null
  team?: string | undefined
  business?: string | undefined
  entry?: string | undefined
  locale?: string | undefined
}

export interface Newcomer {
  /** Names the answer; a conversation's id. */
  key: string
  customerId: string
  channelAccountId: string
  source: Source | null
}

const factsSchema = z.object({
  key: z.string(),
  customer_id: z.string(),
  entry_team_id: z.string().nullable(),
  entry_skill_id: z.string().nullable(),
  business_type_id: z.string().nullable(),
  account_team_id: z.string().nullable(),
  calendar_id: z.string().nullable(),
  choice_seconds: z.number().nullable(),
  choice_team_ids: z.array(z.string()).nullable(),
  link_team_id: z.string().nullable(),
})
export type NewcomerFacts = z.infer<typeof factsSchema>

const ENTRY_KINDS: ReadonlySet<string> = new Set(['qr', 'menu', 'page'])
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** A way in is known by its scene or key; a page by the name that the host site gives it, never by its address. */
export function entryKey(source: Source | null): { kind: string; key: string } | null {
  if (!source || !ENTRY_KINDS.has(source.kind)) return null
  const key = source.kind === 'page' ? (source.entry ?? null) : source.label
  return key === null || key === '' ? null : { kind: source.kind, key: key.slice(0, 128) }
}

export const namedTeam = (source: Source | null): string | null =>
  source?.team !== undefined && UUID.test(source.team) ? source.team.toLowerCase() : null

export async function newcomerFacts(ctx: Ctx, newcomers: readonly Newcomer[]): Promise<NewcomerFacts[]> {
  const asked = newcomers.map(({ key, customerId, channelAccountId, source }) => {
    const entry = entryKey(source)
    return {
      key,
      customer_id: customerId,
      account_id: channelAccountId,
      entry_kind: entry?.kind ?? null,
      entry_key: entry?.key ?? null,
      business: source?.business ?? null,
    }
  })
  const answer: unknown = await ctx.trx.raw(
    `select n.key, n.customer_id, e.team_id as entry_team_id, e.skill_id as entry_skill_id, coalesce(b.id, e.business_type_id) as business_type_id,
       s.team_id as account_team_id, s.calendar_id, s.choice_seconds, s.choice_team_ids, link.team_id as link_team_id
     from json_to_recordset(?::json) as n(key text, customer_id uuid, account_id uuid, entry_kind text, entry_key text, business text)
     left join ${SETTINGS_OF('n.account_id')} on true
     left join entry_points e on e.channel_account_id = n.account_id and e.kind = n.entry_kind and e.key = n.entry_key
     left join dictionary_entries b on b.dictionary = 'business_type' and b.code = n.business and b.disabled_at is null
     left join lateral (
       select k.team_id from registrations r join registration_links k on k.id = r.link_id
       where r.customer_id = n.customer_id and not exists (
         select 1 from conversations v where v.customer_id = n.customer_id and v.created_at > r.created_at and v.id::text <> n.key)) as link on true`,
    [JSON.stringify(asked)],
  )
  return z.object({ rows: z.array(factsSchema) }).parse(answer).rows
}
