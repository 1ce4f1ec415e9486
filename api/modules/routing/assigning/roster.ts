/**
 * What of everybody lies fixed until somebody changes it: name, teams and their limits, skills. Each process holds it by a digest of the rows it comes from,
 * which costs a tenth of reading them: nothing has to say that it changed, and what a transaction wrote itself counts for it alone.
 */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import type { Ctx } from '../../../core/context.ts'
import { prepared } from '../../../core/db.ts'
import { DUTIES, DUTIES_DIGEST } from '../../teams/index.ts'

const rosterRows = z.object({
  rows: z.array(
    z.object({
      digest: z.string(),
      id: z.string(),
      name: z.string(),
      active: z.boolean(),
      max_conversations: z.number().nullable(),
      team_ids: z.array(z.string()),
      limited_teams: z.array(z.object({ id: z.string(), max: z.number() })),
      skills: z.record(z.string(), z.number()),
    }),
  ),
})

export interface Person {
  id: string
  name: string
  /** Of those who have gone, only what they hold still counts, for their teams. */
  active: boolean
  /** The lowest limit of his teams. */
  maxConversations: number | null
  teamIds: ReadonlySet<string>
  limitedTeamIds: readonly string[]
  skills: ReadonlyMap<string, number>
}

export interface Roster {
  people: readonly Person[]
  /** Conversations that all members of a team may have together, by its id; what is missing has no limit. */
  limits: ReadonlyMap<string, number>
}

const DIGEST = `(${DUTIES_DIGEST} # (
  select coalesce(bit_xor(hash_record_extended(r, 3)), 0) from (select id, name, status from accounts where kind = 'staff') as r) # (
  select coalesce(bit_xor(hash_record_extended(r, 4)), 0) from (select account_id, skill_id, level from staff_skills) as r))::text`

const digestRows = z.object({ rows: z.tuple([z.object({ digest: z.string() })]) })
const held = new WeakMap<App, { digest: string; roster: Roster }>()

export async function loadRoster(ctx: Pick<Ctx, 'app' | 'trx'>): Promise<Roster> {
  const [{ digest }] = digestRows.parse(await prepared(ctx.trx, 'roster-digest', `select ${DIGEST} as digest`)).rows
  const known = held.get(ctx.app)
  return known?.digest === digest ? known.roster : readRoster(ctx)
}

/** Digest and rows from one statement, so that they belong together whatever is committed meanwhile. */
async function readRoster(ctx: Pick<Ctx, 'app' | 'trx'>): Promise<Roster> {
  const answer: unknown = await ctx.trx.raw(
    `select g.digest, a.id, a.name, a.status = 'active' as active, d.max_conversations, coalesce(d.team_ids, '[]') as team_ids,
       coalesce(d.limited_teams, '[]') as limited_teams, coalesce(k.skills, '{}') as skills
     from accounts a cross join (select ${DIGEST} as digest) as g
       left join (${DUTIES}) as d on d.account_id = a.id
       left join (select account_id, json_object_agg(skill_id, level) as skills from staff_skills group by account_id) as k on k.account_id = a.id
     where a.kind = 'staff' order by a.id`,
  )
  const { rows } = rosterRows.parse(answer)
  const roster: Roster = {
    people: rows.map((row) => ({
      id: row.id,
      name: row.name,
      active: row.active,
      maxConversations: row.max_conversations,
      teamIds: new Set(row.team_ids),
      limitedTeamIds: row.limited_teams.map(({ id }) => id),
      skills: new Map(Object.entries(row.skills)),
    })),
    limits: new Map(rows.flatMap((row) => row.limited_teams.map(({ id, max }) => [id, max] as const))),
  }
  const [first] = rows
  if (first) held.set(ctx.app, { digest: first.digest, roster })
  return roster
}
