import type { MatchReason, WaitingFor } from '../../../contract/consultation.ts'
import type { Ctx } from '../../../core/context.ts'
import { type Serving, teamsServingEach } from '../../teams/index.ts'
import { RULE_DEFAULTS } from '../consultation/settings.ts'
import { type Asked, decide, type Match } from './decide.ts'
import { type Hours, loadTeams } from './load-teams.ts'
import { entryKey, namedTeam, type Newcomer, newcomerFacts, type NewcomerFacts } from './newcomers.ts'

export interface Matched {
  teamId: string | null
  businessTypeId: string | null
  /** Null: it may enter the queue. */
  waitingFor: WaitingFor | null
  /** Asked for by the way in. */
  skillId: string | null
  reason: MatchReason
  /** Teams to choose from, and for how long (`team_choice`). */
  options: readonly { teamId: string; name: string }[]
  choiceSeconds: number
  /** `off_hours`: when it opens, as far as known. */
  opensAt: Date | null
  /** Before all others, if he is there: who had the conversation that this one goes on with. */
  preferredAccountId?: string
}

/**
 * The team of each new conversation, and why (BP-003.3). The same few statements for one as for fifty: it stands in the way of every newcomer's first
 * message, and of nobody else's.
 * @returns by the newcomers' keys
 */
export async function matchTeams(ctx: Ctx, newcomers: readonly Newcomer[]): Promise<Map<string, Matched>> {
  if (newcomers.length === 0) return new Map()
  const facts = await newcomerFacts(ctx, newcomers)
  const serving = await teamsServingEach(
    ctx,
    facts.map(({ key, customer_id, business_type_id }) => ({ key, customerId: customer_id, businessTypeId: business_type_id })),
  )
  const sources = new Map(newcomers.map(({ key, source }) => [key, source]))
  const { teams, hours } = await loadTeams(ctx, {
    teamIds: [
      ...new Set(
        facts.flatMap((row) => [
          ...[namedTeam(sources.get(row.key) ?? null), row.entry_team_id, row.link_team_id, row.account_team_id].flatMap((id) => id ?? []),
          ...(row.choice_team_ids ?? []),
          ...(serving.get(row.key) ?? []).map(({ teamId }) => teamId),
        ]),
      ),
    ],
    businessTypeIds: [...new Set(facts.flatMap((row) => row.business_type_id ?? []))],
    skillIds: [...new Set(facts.flatMap((row) => row.entry_skill_id ?? []))],
    calendarIds: [...new Set(facts.flatMap((row) => row.calendar_id ?? []))],
  })
  return new Map(
    facts.map((row) => {
      const asked = askedBy(row, { source: sources.get(row.key) ?? null, serving: serving.get(row.key) ?? [], hours })
      return [row.key, matched(row, decide(asked, teams))]
    }),
  )
}

function askedBy(
  row: NewcomerFacts,
  known: { source: Newcomer['source']; serving: readonly Serving[]; hours: ReadonlyMap<string, Hours> },
): Asked {
  const entry = entryKey(known.source)
  const named = namedTeam(known.source)
  const kind = entry?.kind === 'qr' ? 'qr' : entry?.kind === 'menu' ? 'menu' : 'page'
  return {
    source: entry || named !== null ? { kind, key: entry?.key ?? '', teamId: named ?? row.entry_team_id } : null,
    businessTypeId: row.business_type_id,
    skillId: row.entry_skill_id,
    linkTeamId: row.link_team_id,
    accountTeamId: row.account_team_id,
    serving: known.serving,
    choiceTeamIds: row.choice_team_ids ?? [],
    general: known.hours.get(row.calendar_id ?? '') ?? { open: true, opensAt: null },
  }
}

const matched = (row: NewcomerFacts, { teamId, waitingFor, reason, options, opensAt }: Match): Matched => ({
  teamId,
  businessTypeId: row.business_type_id,
  waitingFor,
  reason,
  skillId: row.entry_skill_id,
  options: options.map(({ id, name }) => ({ teamId: id, name })),
  choiceSeconds: row.choice_seconds ?? RULE_DEFAULTS.choiceSeconds,
  opensAt,
})
