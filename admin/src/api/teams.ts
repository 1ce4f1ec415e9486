import type { z } from 'zod'
import type {
  Team,
  TeamMember,
  teamCreate,
  teamListQuery,
  teamMemberListQuery,
  teamMemberPut,
  teamMembersAdd,
  teamPatch,
} from '#api/contract/team.ts'
import { http, type Page } from './http.ts'

export type TeamBody = z.input<typeof teamCreate>
export type TeamPatch = z.input<typeof teamPatch>

const at = (id: string) => `/teams/${encodeURIComponent(id)}`
const memberAt = (id: string, accountId: string) => `${at(id)}/members/${encodeURIComponent(accountId)}`

export const fetchTeams = (query: Partial<z.input<typeof teamListQuery>> = {}): Promise<Page<Team>> =>
  http.page('/teams', { ...query, limit: Number(query.limit ?? 100) })
export const fetchTeam = (id: string): Promise<Team> => http.get(at(id))
export const createTeam = (body: TeamBody): Promise<Team> => http.post('/teams', body)
export const patchTeam = (id: string, body: TeamPatch): Promise<Team> => http.patch(at(id), body)

export const fetchTeamMembers = (id: string, query: Partial<z.input<typeof teamMemberListQuery>> = {}): Promise<Page<TeamMember>> =>
  http.page(`${at(id)}/members`, { ...query, limit: Number(query.limit ?? 100) })
export const addTeamMembers = (id: string, body: z.input<typeof teamMembersAdd>): Promise<Team> => http.post(`${at(id)}/members`, body)
export const putTeamMember = (id: string, accountId: string, body: z.input<typeof teamMemberPut>): Promise<TeamMember> =>
  http.put(memberAt(id, accountId), body)
export const removeTeamMember = (id: string, accountId: string, version: number): Promise<null> =>
  http.delete(memberAt(id, accountId), { version })
