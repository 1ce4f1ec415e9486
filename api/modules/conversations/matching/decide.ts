/** Pure: which team a new conversation belongs to, and why (BP-003.3). */
import type { MatchReason, WaitingFor } from '../../../contract/consultation.ts'
import type { RelationRank } from '../../../contract/relation.ts'

export interface Team {
  id: string
  name: string
  businessTypeIds: readonly string[]
  skills: ReadonlyMap<string, number>
  open: boolean
  /** When it opens next, while it is closed; null: not foreseeable. */
  opensAt: Date | null
}

export interface Asked {
  /** How he came, where that leads to a team: a place on the host site, a QR scene, a menu key. */
  source: { kind: 'page' | 'qr' | 'menu'; key: string; teamId: string | null } | null
  businessTypeId: string | null
  skillId: string | null
  /** Team of the registration link, while this is his first conversation after it. */
  linkTeamId: string | null
  accountTeamId: string | null
  /** Who serves him, best first. */
  serving: readonly { teamId: string; rank: RelationRank; via: 'customer' | 'institution' }[]
  /** Recommended where none fits, in this order. */
  choiceTeamIds: readonly string[]
  /** Hours of those whom no team serves. */
  general: { open: boolean; opensAt: Date | null }
}

export interface Match {
  teamId: string | null
  waitingFor: WaitingFor | null
  reason: MatchReason
  /** To choose from, for `team_choice`. */
  options: readonly Team[]
  opensAt: Date | null
}

type Teams = ReadonlyMap<string, Team>
interface Fitting {
  team: Team
  reason: MatchReason
}

const because = (code: MatchReason['code'], team: Team, params: MatchReason['params'] = {}): Fitting => ({
  team,
  reason: { code, params: { team: team.name, ...params } },
})

/**
 * The source decides before all else, then who serves this customer, then what he asks for; of several that fit equally well the first that is open.
 * Where none fits he is asked, if there is something to choose from. Teams that are not in `teams` (disabled, unknown) are passed over.
 */
export function decide(asked: Asked, teams: Teams): Match {
  const fitting = firstFit([() => bySource(asked, teams), () => byRelation(asked, teams), () => byBusiness(asked, teams)])
  if (fitting.length > 0) return settle(fitting)
  return byChoice(asked, teams)
}

function firstFit(steps: readonly (() => Fitting[])[]): Fitting[] {
  for (const step of steps) {
    const found = step()
    if (found.length > 0) return found
  }
  return []
}

/** The best that is open; with all closed the best, whose customers then wait for its opening. */
function settle(fitting: readonly Fitting[]): Match {
  const chosen = fitting.find(({ team }) => team.open) ?? fitting[0]
  if (!chosen) throw new Error('nothing to choose from')
  const { team, reason } = chosen
  return { teamId: team.id, waitingFor: team.open ? null : 'off_hours', reason, options: [], opensAt: team.open ? null : team.opensAt }
}

const SOURCE_CODES = { page: 'source_page', qr: 'source_qr', menu: 'source_menu' } as const

/** One of these is an order, not an offer: a closed team of the source keeps its customers. */
function bySource({ source, linkTeamId, accountTeamId }: Asked, teams: Teams): Fitting[] {
  const bySourceTeam = teams.get(source?.teamId ?? '')
  if (source && bySourceTeam) return [because(SOURCE_CODES[source.kind], bySourceTeam, { key: source.key })]
  const byLink = teams.get(linkTeamId ?? '')
  if (byLink) return [because('source_link', byLink)]
  const byAccount = teams.get(accountTeamId ?? '')
  return byAccount ? [because('account_default', byAccount)] : []
}

const byRelation = ({ serving }: Asked, teams: Teams): Fitting[] =>
  serving.flatMap(({ teamId, rank, via }) => {
    const team = teams.get(teamId)
    return team ? [because('relation', team, { rank, via })] : []
  })

/** Whoever is best at the skill, then whoever names the business. */
function byBusiness({ businessTypeId, skillId }: Asked, teams: Teams): Fitting[] {
  const level = (team: Team) => team.skills.get(skillId ?? '') ?? 0
  const names = (team: Team) => businessTypeId !== null && team.businessTypeIds.includes(businessTypeId)
  return [...teams.values()]
    .filter((team) => level(team) > 0 || names(team))
    .sort(
      (a, b) =>
        level(b) - level(a) || Number(names(b)) - Number(names(a)) || a.name.localeCompare(b.name, 'zh-CN') || (a.id < b.id ? -1 : 1),
    )
    .map((team) => because(level(team) > 0 ? 'skill' : 'business_type', team))
}

function byChoice({ choiceTeamIds, businessTypeId, general }: Asked, teams: Teams): Match {
  const could = choiceTeamIds.flatMap((id) => {
    const team = teams.get(id)
    // A team without businesses of its own serves every one.
    const fits = team && (businessTypeId === null || team.businessTypeIds.length === 0 || team.businessTypeIds.includes(businessTypeId))
    return fits ? [team] : []
  })
  const open = could.filter((team) => team.open)
  const [only] = open
  if (only && open.length === 1) return settle([because('only_team', only)])
  const reason: MatchReason = { code: 'general', params: {} }
  if (open.length > 1) return { teamId: null, waitingFor: 'team_choice', reason, options: open, opensAt: null }
  const openings = [...could.map(({ opensAt }) => opensAt), ...(general.open ? [] : [general.opensAt])]
  if (general.open && could.length === 0) return { teamId: null, waitingFor: null, reason, options: [], opensAt: null }
  return { teamId: null, waitingFor: 'off_hours', reason, options: [], opensAt: earliest(openings) }
}

function earliest(moments: readonly (Date | null)[]): Date | null {
  const known = moments.flatMap((moment) => (moment ? [moment.getTime()] : []))
  return known.length === 0 ? null : new Date(Math.min(...known))
}
